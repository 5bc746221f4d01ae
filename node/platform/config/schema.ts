// The shape of the configuration: every setting, its default, and what a bad value is told.
import { z } from 'zod';

export const roles = ['gateway', 'services', 'indexer', 'agents', 'prover', 'devnet'] as const;
export type Role = (typeof roles)[number];

const port = z.coerce.number().int().min(0).max(65535);
const url = (protocols: readonly string[]) =>
  z.string().refine(
    (text) => {
      try {
        return protocols.includes(new URL(text).protocol);
      } catch {
        return false;
      }
    },
    { message: `expected a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}` },
  );

export const chainSchema = z.object({
  /** JSON-RPC endpoints, first preferred; http(s) or ws(s). */
  rpcUrls: z.array(url(['http:', 'https:', 'ws:', 'wss:'])).min(1),
  chainId: z.coerce.number().int().positive(),
  /** Blocks below the head that can no longer change; `tag` where the node itself says which block is final. */
  finalityDepth: z.union([z.literal('tag'), z.coerce.number().int().min(0)]).default(64),
  /** Milliseconds between head polls when the endpoint offers no subscription. */
  pollMs: z.coerce.number().int().min(50).default(1_000),
  /** Where the product's contracts stand on this chain, by name (`networkRegistry`, `marketplace`, …); none when it is only indexed. */
  contracts: z.record(z.string(), z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address')).default({}),
});

export const subgraphSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9/_-]*$/i, 'a name has letters, digits, "-", "_" and "/"'),
  folder: z.string().min(1),
  chain: z.string().min(1),
});

export const configSchema = z.object({
  roles: z
    .array(z.enum(roles))
    .min(1)
    .default([...roles]),
  /** Everything the product keeps on disk; relative to the working directory. */
  dataDir: z.string().min(1).default('.aios'),
  host: z.string().default('127.0.0.1'),
  port: port.default(4000),
  /** A port of its own for graph-node's status API, which is at /index-node/graphql of `port` in any case. */
  statusPort: port.optional(),
  /** How users reach this server; challenges of sign-in are bound to its host. */
  publicUrl: url(['http:', 'https:']).optional(),
  databaseUrl: url(['postgres:', 'postgresql:']).optional(),
  /** Address of the service subgraphs when another process plays the role `services`. */
  servicesUrl: url(['http:', 'https:']).optional(),
  /** Address of a gateway, for operations of agents, when another process plays the role `gateway`; the public URL when absent. */
  gatewayUrl: url(['http:', 'https:']).optional(),
  /** Port on which the role `services` listens when it runs without a gateway. */
  servicesPort: port.default(4001),
  /** Signs what one process of the tree forwards to another; the same value for all, 32 characters or more. */
  forwardSecret: z.string().min(32, 'use at least 32 characters').optional(),
  demo: z.coerce.boolean().default(true),
  /** Chains by the name manifests use. `devnet` is added by the embedded devnet. */
  chains: z.record(z.string(), chainSchema).default({}),
  /** Subgraphs deployed at start, beside the house's own. */
  subgraphs: z.array(subgraphSchema).default([]),
  /** Where the files of file data sources are fetched from. */
  ipfs: z
    .object({
      /** Gateways, asked in turn; none: only files added with `aios ipfs add` are found. */
      gateways: z.array(url(['http:', 'https:'])).default([]),
      timeoutMs: z.coerce.number().int().min(100).default(60_000),
      maxFileBytes: z.coerce
        .number()
        .int()
        .min(1)
        .max(256 << 20)
        .default(25 << 20),
    })
    .prefault({}),
  /** The role `agents`, which runs them. */
  agents: z
    .object({
      /** Runs executed at a time in one process. */
      concurrency: z.coerce.number().int().min(1).max(10_000).default(32),
      /** Milliseconds after which the runs of a process that ended are taken over by another. */
      leaseMs: z.coerce.number().int().min(500).max(60_000).default(3_000),
      /** Days for which runs that ended are kept. */
      retentionDays: z.coerce.number().int().min(1).default(90),
      /** Digests of runs in one batch that is anchored on chain, at most. */
      anchorBatch: z.coerce.number().int().min(1).max(16_384).default(1_024),
      /** Milliseconds after which a batch is anchored even if it is not full. */
      anchorMs: z.coerce.number().int().min(100).default(10_000),
      /** Hosts of the operator's own network that agents may reach over HTTP, such as "erp.internal:8080". */
      privateHosts: z.array(z.string().min(1)).default([]),
      /** MCP servers that agents may be granted by name; their headers never reach an agent, and their addresses may be private. */
      mcpServers: z
        .record(
          z
            .string()
            .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"'),
          z.object({
            url: url(['http:', 'https:']),
            headers: z.record(z.string(), z.string()).default({}),
          }),
        )
        .default({}),
      /** Origins beside our own whose pages may call /mcp and /a2a, such as "https://inspector.example". */
      origins: z.array(url(['http:', 'https:'])).default([]),
      /** An endpoint in OpenAI's format for the capability `llm`. */
      llm: z
        .object({
          url: url(['http:', 'https:']),
          apiKey: z.string().min(1).optional(),
          models: z.array(z.string().min(1)).optional(),
        })
        .optional(),
    })
    .prefault({}),
  /** NODE_ENV=production: keys whose setup anybody could repeat are then refused. */
  production: z.boolean().default(false),
  /** The role `prover`, which makes proofs. */
  proving: z
    .object({
      /** Proofs made at a time in one process; each has a process of its own with several threads. */
      workers: z.coerce.number().int().min(1).max(64).default(1),
      /** Most memory of one proof, in MB. */
      memoryMb: z.coerce.number().int().min(256).default(2_048),
      timeoutSeconds: z.coerce.number().int().min(10).default(1_800),
      /** Most that keys and calculators may take in the data folder, in MB; what was not used for longest goes first. */
      cacheMb: z.coerce.number().int().min(64).default(2_048),
      /** Folder with proving keys of a ceremony, CIRCUIT.SYSTEM.zkey each. Without: development keys, on the devnet only. */
      keys: z.string().min(1).optional(),
    })
    .prefault({}),
  log: z
    .object({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
      destination: z.enum(['file', 'stdout']).optional(),
    })
    .prefault({}),
  limits: z
    .object({
      maxDepth: z.coerce.number().int().positive().default(16),
      maxAliases: z.coerce.number().int().positive().default(100),
      maxTokens: z.coerce.number().int().positive().default(5_000),
      maxCost: z.coerce.number().int().positive().default(250_000),
      maxBodyBytes: z.coerce.number().int().positive().default(262_144),
      /** Of those who have signed in: a package of an agent comes in one request. */
      maxSignedInBodyBytes: z.coerce.number().int().positive().default(12_582_912),
      operationTimeoutMs: z.coerce.number().int().positive().default(30_000),
      /** Operations a client may start per minute; 0 turns the limit off. */
      ratePerMinute: z.coerce.number().int().min(0).default(6_000),
      introspection: z.enum(['always', 'signed-in', 'never']).default('always'),
    })
    .prefault({}),
});

export type ConfigInput = z.input<typeof configSchema>;
export type Config = z.output<typeof configSchema>;
export type ChainConfig = z.output<typeof chainSchema>;

/** Gives `aios.config.ts` its types: `export default defineConfig({ … })`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
