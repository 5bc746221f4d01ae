// The configuration's limits as the gateway takes them.
import type { Config } from '#node/platform/config/schema.ts';
import type { GatewayLimits, RateLimit } from '#schema/gateway/gateway-options.ts';

export function gatewayLimits(config: Config): Partial<GatewayLimits> {
  const { ratePerMinute: _rate, introspection: _introspection, ...limits } = config.limits;
  return limits;
}

export function gatewayRateLimit(config: Config): RateLimit | null {
  const { ratePerMinute } = config.limits;
  return ratePerMinute === 0
    ? null
    : { burst: Math.max(20, Math.round(ratePerMinute / 10)), perSecond: ratePerMinute / 60 };
}

const introspection = { always: 'public', 'signed-in': 'authenticated', never: 'off' } as const;

export const introspectionPolicy = (config: Config) => introspection[config.limits.introspection];
