// The templates as somebody starts from them: what is deployed of each (manifest, code, its page), and inputs to try it on. What only
// tests need (sample data, golden outputs) stays behind.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';
import { readPackage } from '../package/agent-package.ts';
import { packageCid } from '../package/package-files.ts';
import type { Json, Language } from '../runtime/runtime.ts';

export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

export interface TemplateExample {
  readonly name: string;
  readonly input: Json;
}

/** A template that can be forked. */
export interface AgentTemplate {
  /** Name of its folder, and of its manifest. */
  readonly id: string;
  readonly description: string;
  readonly language: Language;
  /** Of `files`, as they are. */
  readonly cid: string;
  readonly files: readonly TemplateFile[];
  readonly examples: readonly TemplateExample[];
}

const folder = join(packageRoot, 'node/agents/templates');
/** Parts of a template that its package does not need. */
const LEFT_BEHIND = /^(?:data|golden)\//;

let known: Promise<readonly AgentTemplate[]> | undefined;

/** All templates, by name; read once, since they are part of the product. */
export function agentTemplates(): Promise<readonly AgentTemplate[]> {
  known ??= readTemplates();
  known.catch(() => {
    known = undefined;
  });
  return known;
}

async function readTemplates(): Promise<readonly AgentTemplate[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => ((await readdir(join(folder, name))).includes('agent.json') ? [name] : [])),
  );
  return Promise.all(names.flat().sort().map(readTemplate));
}

async function readTemplate(id: string): Promise<AgentTemplate> {
  const { manifest, files } = await readPackage(join(folder, id));
  const kept = new Map([...files].filter(([path]) => !LEFT_BEHIND.test(path)));
  const goldens = [...files.keys()].filter((path) => /^golden\/.*\.json$/.test(path)).sort();
  const examples = goldens.map((path): TemplateExample => {
    const { name, input } = JSON.parse(new TextDecoder().decode(files.get(path))) as TemplateExample;
    return { name, input };
  });
  return {
    id,
    description: manifest.description,
    language: manifest.language as Language,
    cid: packageCid(kept),
    files: [...kept].map(([path, bytes]) => ({ path, text: new TextDecoder().decode(bytes) })),
    examples,
  };
}
