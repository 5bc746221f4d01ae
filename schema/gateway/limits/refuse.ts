// The one shape of a refusal: which limit, what was asked, what is allowed.
import { GraphQLError } from 'graphql';
import type { GatewayLimits } from '../gateway-options.ts';

export function refuse(limit: keyof GatewayLimits, actual: number | string, allowed: number, advice: string) {
  return new GraphQLError(
    `${limit} exceeded: the operation has ${actual}, at most ${allowed} allowed; ${advice}`,
    {
      extensions: { code: 'LIMIT_EXCEEDED', limit, allowed, http: { status: 400 } },
    },
  );
}
