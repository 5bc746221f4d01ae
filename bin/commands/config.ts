// `aios config`: the settings in force, without their secrets.
import { loadConfig } from '#node/platform/config/load.ts';
import type { Config } from '#node/platform/config/schema.ts';

export async function config(options: { json?: boolean }): Promise<void> {
  const settings = withoutSecrets(await loadConfig());
  if (options.json) process.stdout.write(`${JSON.stringify(settings, null, 2)}\n`);
  else for (const line of flatten(settings)) process.stdout.write(`${line}\n`);
}

/** Passwords inside URLs, the forwarding secret and the key of the language model are left out. */
export function withoutSecrets(settings: Config): Config {
  const hide = (text: string | undefined) => text?.replace(/\/\/([^:@/]*):[^@]*@/, '//$1:***@');
  return {
    ...settings,
    databaseUrl: hide(settings.databaseUrl),
    servicesUrl: hide(settings.servicesUrl),
    forwardSecret: settings.forwardSecret && '***',
    agents: {
      ...settings.agents,
      llm: settings.agents.llm && {
        ...settings.agents.llm,
        url: hide(settings.agents.llm.url) ?? '',
        apiKey: settings.agents.llm.apiKey && '***',
      },
    },
    chains: Object.fromEntries(
      // Providers put their keys into the path.
      Object.entries(settings.chains).map(([name, chain]) => [
        name,
        { ...chain, rpcUrls: chain.rpcUrls.map((url) => `${new URL(url).origin}/…`) },
      ]),
    ),
  };
}

function flatten(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value === undefined ? [] : [`${path} = ${JSON.stringify(value)}`];
  }
  return Object.entries(value).flatMap(([key, part]) => flatten(part, path ? `${path}.${key}` : key));
}
