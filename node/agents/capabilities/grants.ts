// What a version of an agent may do, as its manifest says: nothing that is not written here. Limits are upper bounds of what can be granted.
import { z } from 'zod';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { operationRefusal } from './operation-kind.ts';

const amount = z
  .string()
  .regex(/^\d{1,60}$/, 'expected a decimal integer as text, in the smallest unit')
  .transform(BigInt);
const host = z
  .string()
  .regex(
    /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
    'expected a host such as "api.example.com" or "*.example.com"',
  );
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address')
  .transform((text) => text.toLowerCase());
const name = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"');
const tool = z
  .string()
  .regex(/^[A-Za-z0-9_./-]{1,200}$/, 'expected the name of a tool, or server/tool')
  .max(200);
const mcpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((text) => {
    const { username, password, hash } = new URL(text);
    return username === '' && password === '' && hash === '';
  }, 'leave name, password and fragment out of the URL');

export const grantsSchema = z.strictObject({
  storage: z
    .strictObject({
      namespace: name.default('default'),
      /** Keys and values together. */
      bytes: z
        .int()
        .min(1)
        .max(64 << 20),
    })
    .optional(),
  http: z
    .strictObject({
      hosts: z.array(host).min(1).max(64),
      methods: z
        .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']))
        .min(1)
        .default(['GET']),
      /** Of a response's body, and of a request's. */
      bytes: z
        .int()
        .min(1)
        .max(8 << 20)
        .default(1 << 20),
      timeoutMs: z.int().min(100).max(60_000).default(10_000),
    })
    .optional(),
  graphql: z
    .strictObject({
      /** The documents the agent may run, by name; nothing else is ever executed for it. */
      operations: z.record(name, z.string().min(1).max(20_000)),
      /** Whether mutations are among them. */
      mutations: z.boolean().default(false),
      bytes: z
        .int()
        .min(1)
        .max(8 << 20)
        .default(1 << 20),
    })
    .superRefine(({ operations, mutations }, context) => {
      for (const [operation, document] of Object.entries(operations)) {
        const message = refusalOf(operation, document, mutations);
        if (message !== undefined)
          context.addIssue({ code: 'custom', path: ['operations', operation], message });
      }
    })
    .optional(),
  message: z.strictObject({ topics: z.array(name).min(1).max(64) }).optional(),
  schedule: z
    .strictObject({
      /** Runs it may have waiting at any time. */
      pending: z.int().min(1).max(1_000).default(10),
      aheadMs: z
        .int()
        .min(1_000)
        .max(366 * 86_400_000)
        .default(30 * 86_400_000),
    })
    .optional(),
  pay: z
    .strictObject({
      token: z.string().min(1).max(80),
      perRun: amount,
      perDay: amount,
      payees: z.array(address).min(1).max(256),
    })
    .optional(),
  agent: z
    .strictObject({
      /** Ids of deployments that may be called. */
      deployments: z
        .array(z.string().regex(/^\d{1,18}$/, 'expected the id of a deployment'))
        .min(1)
        .max(64),
      depth: z.int().min(1).max(8).default(3),
    })
    .optional(),
  llm: z
    .strictObject({
      models: z.array(z.string().min(1).max(120)).min(1).max(32),
      /** Tokens of one answer. */
      outputTokens: z.int().min(1).max(32_768).default(1_024),
      timeoutMs: z.int().min(100).max(300_000).default(60_000),
    })
    .optional(),
  mcp: z
    .strictObject({
      /** Servers by name: with the URL of a public one, or alone where the operator has configured it. */
      servers: z
        .array(
          z.union(
            [
              name.transform((operators) => ({ name: operators, url: undefined })),
              z.strictObject({ name, url: mcpUrl }),
            ],
            'expected the name of a server that the operator has configured, or { "name": "shop", "url": "https://…" }',
          ),
        )
        .min(1)
        .max(16),
      /** Tools that may be called, as `tool` or `server/tool`. Each call is an effect: never made once more behind the agent's back. */
      tools: z.array(tool).max(256).default([]),
      /** Tools that may be called and change nothing, so that they are asked again where an answer was lost. */
      reads: z.array(tool).max(256).default([]),
      /** Of an answer. */
      bytes: z
        .int()
        .min(1)
        .max(4 << 20)
        .default(1 << 20),
      timeoutMs: z.int().min(100).max(300_000).default(30_000),
    })
    .superRefine(({ servers }, context) => {
      const names = servers.map((server) => server.name);
      if (new Set(names).size < names.length)
        context.addIssue({ code: 'custom', path: ['servers'], message: 'two servers have the same name' });
    })
    .optional(),
  approval: z.strictObject({}).optional(),
  /** Circuits that it may have proofs made of. */
  prove: z.strictObject({ circuits: z.array(name).min(1).max(32) }).optional(),
  /** For a time, a signal, or a message on one of these topics; a workflow has what its nodes wait for. */
  wait: z.strictObject({ topics: z.array(name).max(64).default([]) }).optional(),
});

function refusalOf(operation: string, document: string, mutations: boolean): string | undefined {
  try {
    return operationRefusal(operation, document, mutations);
  } catch (error) {
    return messageOf(error);
  }
}

export type Grants = z.output<typeof grantsSchema>;
export type GrantsInput = z.input<typeof grantsSchema>;

/** @throws AiosError MANIFEST_INVALID naming each wrong grant */
export function parseGrants(value: unknown): Grants {
  const parsed = grantsSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `capabilities.${issue.path.join('.')}: ${issue.message}`);
  throw new AiosError(
    'MANIFEST_INVALID',
    `The manifest's capabilities have mistakes: ${lines.join('; ')}. Correct them and deploy again.`,
    { details: { issues: lines } },
  );
}
