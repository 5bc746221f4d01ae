// What the studio reads of an agent.json while it is written.
import type { PackageTexts } from '../client/agent-package.ts';
import type { Json, JsonSchema } from '../ui/json-schema.ts';

export interface ManifestView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly language: string;
  readonly entry: string;
  readonly capabilities: readonly string[];
  readonly input: JsonSchema;
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** A manifest that was read elsewhere, as far as it can be understood. */
export function viewOfManifest(value: unknown): ManifestView | null {
  if (!isObject(value)) return null;
  return {
    name: textOf(value.name),
    version: textOf(value.version),
    description: textOf(value.description),
    language: textOf(value.language),
    entry: textOf(value.entry),
    capabilities: isObject(value.capabilities) ? Object.keys(value.capabilities) : [],
    input: isObject(value.input) ? (value.input as JsonSchema) : {},
  };
}

/** The manifest among `files`, or the mistake that keeps it from being one. The platform checks all of it when it is deployed. */
export function manifestOf(files: PackageTexts): {
  readonly manifest?: ManifestView;
  readonly mistake?: string;
} {
  const text = files['agent.json'];
  if (text === undefined) return { mistake: 'There is no agent.json: add one.' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      mistake: `agent.json is not JSON: ${error instanceof Error ? error.message : 'look at its commas'}.`,
    };
  }
  const manifest = viewOfManifest(value);
  if (!manifest) return { mistake: 'agent.json is not an object.' };
  if (!manifest.name) return { mistake: 'agent.json: name is missing.' };
  if (!(manifest.entry in files))
    return { manifest, mistake: `agent.json: entry: there is no file ${JSON.stringify(manifest.entry)}.` };
  return { manifest };
}
