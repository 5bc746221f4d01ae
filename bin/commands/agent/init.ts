// `aios agent init`: a folder with an agent that runs as it stands: manifest, code, the SDK's types for the editor, golden scenarios, README.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readPackage } from '#node/agents/package/agent-package.ts';
import { MANIFEST_FILE } from '#node/agents/package/manifest.ts';
import { SCENARIO_FOLDER } from '#node/agents/scenarios/scenario.ts';
import { agentTemplates } from '#node/agents/templates/catalogue.ts';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { bold, green, table } from '../../cli/screen.ts';

export interface InitOptions {
  readonly language?: string;
  readonly template?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

const agents = join(packageRoot, 'node/agents');
const TEMPLATES = join(agents, 'templates');
const STARTERS = join(agents, 'starters');
const SDK = join(agents, 'sdk');

interface TemplateFacts {
  readonly name: string;
  readonly language: 'typescript' | 'python';
  readonly description: string;
}

/** The shipped agents, by name. */
async function templates(): Promise<readonly TemplateFacts[]> {
  return (await agentTemplates()).map(({ id, language, description }) => ({
    name: id,
    language: language === 'python' ? 'python' : 'typescript',
    description,
  }));
}

/** @throws AiosError NAME_MISSING, NAME_INVALID, FOLDER_EXISTS, TEMPLATE_UNKNOWN, LANGUAGE_UNKNOWN; nothing is left then */
export async function init(name: string | undefined, options: InitOptions): Promise<void> {
  const known = await templates();
  if (options.list) {
    if (options.json) process.stdout.write(`${JSON.stringify(known, null, 2)}\n`);
    else
      process.stdout.write(
        `${table(
          ['template', 'language', 'what it does'],
          known.map((one) => [one.name, one.language, firstSentence(one.description)]),
        )}\n\nNext:\n  ${bold('aios agent init my-agent --template NAME')}\n`,
      );
    return;
  }
  if (name === undefined)
    throw new AiosError(
      'NAME_MISSING',
      'Name the folder to make: aios agent init my-agent. Templates: aios agent init --list.',
    );
  const target = resolve(name);
  const agentName = basename(target);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(agentName))
    throw new AiosError(
      'NAME_INVALID',
      `"${agentName}" cannot be an agent's name: 1 to 63 lower-case letters, digits and "-", such as stock-keeper.`,
    );
  if (existsSync(target))
    throw new AiosError(
      'FOLDER_EXISTS',
      `${target} is there already: name a folder that is not, nothing is written over.`,
    );
  const source = sourceOf(options, known);
  // Made beside and moved at the end, so that nothing half-done stays.
  const scratch = `${target}.making-${process.pid}`;
  try {
    await write(source.folder, source.language, agentName, scratch);
    const agent = await readPackage(scratch);
    await rename(scratch, target);
    tell(target, agentName, [...agent.files.keys()], source.language, options);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function sourceOf(
  { language, template }: InitOptions,
  known: readonly TemplateFacts[],
): { readonly folder: string; readonly language: TemplateFacts['language'] } {
  if (language !== undefined && language !== 'typescript' && language !== 'python')
    throw new AiosError('LANGUAGE_UNKNOWN', `--language takes typescript or python, not "${language}".`);
  if (template === undefined) {
    const chosen = language ?? 'typescript';
    return { folder: join(STARTERS, chosen), language: chosen };
  }
  const found = known.find((one) => one.name === template);
  if (!found)
    throw new AiosError(
      'TEMPLATE_UNKNOWN',
      `There is no template "${template}". There are: ${known.map((one) => one.name).join(', ')}.`,
    );
  if (language !== undefined && language !== found.language)
    throw new AiosError(
      'LANGUAGE_UNKNOWN',
      `The template ${template} is in ${found.language}: leave --language out, or take another template.`,
    );
  return { folder: join(TEMPLATES, template), language: found.language };
}

async function write(
  source: string,
  language: TemplateFacts['language'],
  agentName: string,
  target: string,
): Promise<void> {
  const put = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), content);
  };
  let input: unknown;
  for (const entry of await readdir(source, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const path = relative(source, from).split('\\').join('/');
    const text = await readFile(from, 'utf8');
    if (path === MANIFEST_FILE) await put(path, text.replace(/"name": "[^"]*"/, `"name": "${agentName}"`));
    else if (path === 'README.md') await put(path, `${text.trimEnd()}\n\n${nextSteps(language)}`);
    else await put(path, text.replace("'../../sdk/typescript/aios.ts'", "'./aios.ts'"));
    if (input === undefined && path.startsWith(`${SCENARIO_FOLDER}/`))
      input = (JSON.parse(text) as { input: unknown }).input;
  }
  await put('input.json', `${JSON.stringify(input ?? null, null, 2)}\n`);
  if (language === 'typescript') {
    await put('aios.ts', await readFile(join(SDK, 'typescript/aios.ts'), 'utf8'));
    await put('tsconfig.json', `${JSON.stringify(tsconfig, null, 2)}\n`);
  } else {
    // The interpreter has the module already; the editor finds it in a folder that no package takes along.
    await put('.sdk/aios.py', await readFile(join(SDK, 'python/aios.py'), 'utf8'));
    await put('pyrightconfig.json', `${JSON.stringify({ extraPaths: ['.sdk'] }, null, 2)}\n`);
    await put(
      '.vscode/settings.json',
      `${JSON.stringify({ 'python.analysis.extraPaths': ['.sdk'] }, null, 2)}\n`,
    );
  }
}

/** What an editor needs to check an agent as it runs: no library of Node or of a browser is there. */
const tsconfig = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    types: [],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    strict: true,
    noEmit: true,
  },
};

const nextSteps = (language: TemplateFacts['language']): string => `## Working with it

\`\`\`sh
aios agent test                                # the scenarios in golden/, in the real runtime
aios agent test --update                       # record what comes out now
aios agent deploy --licence ID --network ID    # prints the deployment's id
aios agent run DEPLOYMENT --input @input.json --follow
aios agent logs RUN
aios agent replay RUN --local                  # the same digest, on this machine
\`\`\`

${
  language === 'typescript'
    ? '`aios.ts` has the types of all that an agent may ask for; `import` works for files of this folder, also `.json`.'
    : '`import aios` is in the interpreter, with the whole standard library and nothing else; `.sdk/aios.py` is for the editor.'
} What it asks for must be granted by \`capabilities\` in \`agent.json\`.
`;

const firstSentence = (text: string): string => /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;

function tell(
  target: string,
  agentName: string,
  files: readonly string[],
  language: string,
  { json }: InitOptions,
): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ folder: target, name: agentName, language, files }, null, 2)}\n`,
    );
    return;
  }
  const nearby = relative(process.cwd(), target);
  const shown = nearby.startsWith('..') ? target : nearby;
  process.stdout.write(
    `${green('made')} ${target}\n\n${files.map((path) => `  ${path}`).join('\n')}\n\nNext:\n  ${bold(`aios agent test ${shown}`)}\n`,
  );
}
