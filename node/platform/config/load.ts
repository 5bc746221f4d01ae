// Reads the configuration once: defaults, then aios.config.ts, then the environment, then the command line. The only reader of process.env.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { AiosError, messageOf } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { type Config, type ConfigInput, configSchema } from './schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadConfigOptions {
  /** Folder in which aios.config.ts is looked for and against which relative paths are read. */
  readonly cwd?: string;
  readonly env?: Environment;
  /** What the command line said; wins over everything. */
  readonly overrides?: ConfigInput;
}

/** A setting of the environment: its variable, where its value goes, and how it is read. */
const variables: readonly (readonly [
  name: string,
  path: readonly string[],
  read: (text: string) => unknown,
])[] = [
  ['AIOS_ROLES', ['roles'], (text) => text.split(',').map((role) => role.trim())],
  ['AIOS_DATA_DIR', ['dataDir'], String],
  ['AIOS_HOST', ['host'], String],
  ['AIOS_PORT', ['port'], String],
  ['AIOS_STATUS_PORT', ['statusPort'], String],
  ['AIOS_PUBLIC_URL', ['publicUrl'], String],
  ['DATABASE_URL', ['databaseUrl'], String],
  ['AIOS_SERVICES_URL', ['servicesUrl'], String],
  ['AIOS_GATEWAY_URL', ['gatewayUrl'], String],
  ['AIOS_SERVICES_PORT', ['servicesPort'], String],
  ['AIOS_FORWARD_SECRET', ['forwardSecret'], String],
  [
    'AIOS_IPFS_GATEWAY',
    ['ipfs', 'gateways'],
    (text) =>
      text
        .split(',')
        .map((gateway) => gateway.trim())
        .filter((gateway) => gateway !== ''),
  ],
  ['AIOS_LLM_URL', ['agents', 'llm', 'url'], String],
  ['AIOS_LLM_API_KEY', ['agents', 'llm', 'apiKey'], String],
  ['AIOS_AGENTS_CONCURRENCY', ['agents', 'concurrency'], String],
  ['AIOS_AGENTS_ANCHOR_BATCH', ['agents', 'anchorBatch'], String],
  ['AIOS_AGENTS_ANCHOR_MS', ['agents', 'anchorMs'], String],
  ['NODE_ENV', ['production'], (text) => text === 'production'],
  ['AIOS_PROVING_KEYS', ['proving', 'keys'], String],
  ['AIOS_PROVING_WORKERS', ['proving', 'workers'], String],
  ['AIOS_PROVING_MEMORY_MB', ['proving', 'memoryMb'], String],
  ['AIOS_PROVING_CACHE_MB', ['proving', 'cacheMb'], String],
  ['AIOS_DEMO', ['demo'], (text) => !['0', 'false', 'no', 'off'].includes(text.toLowerCase())],
  ['AIOS_LOG_LEVEL', ['log', 'level'], String],
  ['AIOS_LOG_DESTINATION', ['log', 'destination'], String],
  ['AIOS_INTROSPECTION', ['limits', 'introspection'], String],
  ['AIOS_RATE_PER_MINUTE', ['limits', 'ratePerMinute'], String],
];

/**
 * The validated configuration.
 * @throws AiosError CONFIG_INVALID naming each wrong setting, where it came from, and what is allowed.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const cwd = options.cwd ?? process.cwd();
  const fromFile = await readConfigFile(cwd);
  const fromEnvironment = readEnvironment(options.env ?? process.env);
  const merged = [fromFile.value, fromEnvironment, options.overrides ?? {}].reduce<Record<string, unknown>>(
    (config, layer) => merge(config, layer as Record<string, unknown>),
    {},
  );
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const path = issue.path.join('.');
      const variable = variables.find(
        ([, at]) => at.join('.') === path && fromEnvironmentHas(options.env ?? process.env, at),
      );
      return `  ${path || '(whole file)'}${variable ? ` (from ${variable[0]})` : ''}: ${issue.message}`;
    });
    throw new AiosError(
      'CONFIG_INVALID',
      `The configuration${fromFile.path ? ` (${fromFile.path} and the environment)` : ''} has mistakes:\n${lines.join('\n')}`,
    );
  }
  return { ...parsed.data, dataDir: resolve(cwd, parsed.data.dataDir) };
}

function fromEnvironmentHas(env: Environment, path: readonly string[]): boolean {
  return variables.some(
    ([name, at]) => at.join('.') === path.join('.') && env[name] !== undefined && env[name] !== '',
  );
}

function readEnvironment(env: Environment): ConfigInput {
  const config: Record<string, unknown> = {};
  for (const [name, path, read] of variables) {
    const text = env[name];
    if (text === undefined || text === '') continue;
    // Set by the command itself for the libraries' sake, not by the operator.
    if (name === 'NODE_ENV' && env.AIOS_NODE_ENV_ASSUMED === '1') continue;
    let place = config;
    for (const key of path.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    place[path[path.length - 1] as string] = read(text);
  }
  return config as ConfigInput;
}

async function readConfigFile(cwd: string): Promise<{ path?: string; value: ConfigInput }> {
  const path = join(cwd, 'aios.config.ts');
  if (!existsSync(path)) return { value: {} };
  const folder = await mkdtemp(join(tmpdir(), 'aios-config-'));
  try {
    const outfile = join(folder, 'config.mjs');
    await build({
      entryPoints: [path],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      absWorkingDir: packageRoot,
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    const module: { default?: ConfigInput } = await import(pathToFileURL(outfile).href);
    if (!module.default) throw new Error('it has no default export');
    return { path, value: module.default };
  } catch (error) {
    throw new AiosError(
      'CONFIG_UNREADABLE',
      `${path} could not be read: ${messageOf(error)}. Export the settings as default: export default defineConfig({ … }).`,
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function merge(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = result[key];
    result[key] = isPlain(below) && isPlain(value) ? merge(below, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
