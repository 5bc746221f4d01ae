// agent.json: what an agent is called, what runs, what it may do, what goes in and comes out, and within which limits.
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { grantsSchema } from '../capabilities/grants.ts';
import { LEAST_MEMORY_BYTES, MOST_LIMITS } from '../runtime/agent-runtime.ts';
import { nestsDeeper } from '../runtime/json-depth.ts';
import type { Json, Language, RunLimits } from '../runtime/runtime.ts';
import { compileSchema, type ValueSchema } from './value-schema.ts';

export const MANIFEST_FILE = 'agent.json';
const MANIFEST_BYTES = 256 << 10;
const MANIFEST_DEPTH = 64;

/** Limits of a run of which the manifest says nothing. */
export const DEFAULT_LIMITS: RunLimits = {
  memoryBytes: 64 << 20,
  gas: 1_000_000_000,
  deadlineMs: 30_000,
  outputBytes: 256 << 10,
  hostCalls: 1_000,
  logBytes: 64 << 10,
};

const ENTRIES: Readonly<Record<Language, RegExp>> = {
  javascript: /\.(?:js|mjs|ts|mts)$/,
  python: /\.py$/,
  wasm: /\.wasm$/,
  workflow: /\.json$/,
};

const json: z.ZodType<Json> = z.json();
const amount = z.string().regex(/^\d{1,60}$/, 'expected a decimal integer as text, in the smallest unit');
const limit = (most: number) => z.int().min(1).max(most);

const manifestSchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]{0,62}$/,
        'expected 1 to 63 lower-case letters, digits and "-", such as "stock-keeper"',
      ),
    version: z
      .string()
      .max(64)
      .regex(
        /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?$/,
        'expected a semantic version such as "1.0.0"',
      ),
    description: z.string().max(2_000).default(''),
    language: z.enum(['javascript', 'python', 'wasm', 'workflow']),
    entry: z.string().min(1).max(180),
    capabilities: grantsSchema.default({}),
    input: z.record(z.string(), json).default({}),
    output: z.record(z.string(), json).default({}),
    schedule: z
      .union(
        [
          z.strictObject({
            cron: z.string().min(9).max(120),
            timeZone: z.string().min(1).max(60).default('UTC'),
          }),
          z.strictObject({
            everyMs: z
              .int()
              .min(1_000)
              .max(366 * 86_400_000),
          }),
        ],
        'expected { "cron": "0 6 * * *", "timeZone": "Europe/Berlin" } or { "everyMs": 60000 }',
      )
      .optional(),
    price: z.strictObject({ token: z.string().min(1).max(80), amount }).optional(),
    health: z
      .strictObject({
        /** A run on this input must complete and answer by the output's schema. */
        input: json,
        everyMs: z.int().min(10_000).max(86_400_000).default(300_000),
      })
      .optional(),
    limits: z
      .strictObject({
        memoryBytes: limit(MOST_LIMITS.memoryBytes).min(1 << 20),
        gas: limit(MOST_LIMITS.gas),
        deadlineMs: limit(MOST_LIMITS.deadlineMs),
        outputBytes: limit(MOST_LIMITS.outputBytes),
        hostCalls: z.int().min(0).max(MOST_LIMITS.hostCalls),
        logBytes: z.int().min(0).max(MOST_LIMITS.logBytes),
      })
      .partial()
      .default({}),
  })
  .superRefine((manifest, context) => {
    if (!ENTRIES[manifest.language].test(manifest.entry)) {
      context.addIssue({
        code: 'custom',
        path: ['entry'],
        message: `${manifest.entry} is no ${manifest.language}: name a file that matches ${ENTRIES[manifest.language]}`,
      });
    }
    if (
      manifest.language === 'javascript' &&
      (manifest.limits.memoryBytes ?? LEAST_MEMORY_BYTES) < LEAST_MEMORY_BYTES
    ) {
      context.addIssue({
        code: 'custom',
        path: ['limits', 'memoryBytes'],
        message: `javascript needs at least ${LEAST_MEMORY_BYTES}`,
      });
    }
  });

type Parsed = z.output<typeof manifestSchema>;

export interface Manifest extends Omit<Parsed, 'limits'> {
  /** With what the manifest left out. */
  readonly limits: RunLimits;
}

/** A manifest with its schemas ready to check values. */
export interface CheckedManifest {
  readonly manifest: Manifest;
  /** As it was written: what is shown and stored. */
  readonly source: Json;
  readonly input: ValueSchema;
  readonly output: ValueSchema;
}

function refuse(issues: readonly string[]): never {
  throw new AiosError(
    'MANIFEST_INVALID',
    `${issues.map((issue) => `${MANIFEST_FILE}: ${issue}`).join('; ')}`,
    {
      details: { file: MANIFEST_FILE, issues },
    },
  );
}

function parse(bytes: Uint8Array): Json {
  if (bytes.length > MANIFEST_BYTES) refuse([`it has ${bytes.length} bytes, ${MANIFEST_BYTES} are allowed`]);
  if (nestsDeeper(bytes, MANIFEST_DEPTH))
    refuse([`it nests deeper than ${MANIFEST_DEPTH} levels: flatten it`]);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch (error) {
    return refuse([`it is not JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/**
 * Reads and checks a manifest.
 *
 * @throws AiosError `MANIFEST_INVALID` or `SCHEMA_INVALID`, naming file, field and fix
 */
export function readManifest(bytes: Uint8Array): CheckedManifest {
  const source = parse(bytes);
  const parsed = manifestSchema.safeParse(source);
  if (!parsed.success)
    refuse(
      parsed.error.issues
        .slice(0, 10)
        .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`),
    );
  const { limits, ...rest } = parsed.data;
  const manifest: Manifest = { ...rest, limits: { ...DEFAULT_LIMITS, ...limits } };
  const input = compileSchema(`${MANIFEST_FILE}: input`, manifest.input);
  const output = compileSchema(`${MANIFEST_FILE}: output`, manifest.output);
  if (manifest.health) {
    const mistakes = input.mistakesOf(manifest.health.input);
    if (mistakes.length > 0)
      refuse(mistakes.map((mistake) => `health.input: ${mistake}, says the schema of input`));
  }
  return { manifest, source, input, output };
}
