// What `aios subgraph init` writes: manifest, schema and mapping for the events of an ABI, one immutable entity an event.

export interface AbiParameter {
  readonly name?: string;
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParameter[];
}

export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly anonymous?: boolean;
  readonly inputs?: readonly AbiParameter[];
}

export interface ProjectOptions {
  readonly name: string;
  /** Name of the contract, of its data source and of its ABI. */
  readonly contract: string;
  readonly abi: readonly AbiEntry[];
  /** Undefined: any contract. */
  readonly address: string | undefined;
  readonly network: string;
  readonly startBlock: number;
}

export interface ProjectFiles {
  /** Content by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly entities: readonly string[];
}

const address = (name: string, indexed = true) => ({ name, type: 'address', indexed });

/** The events of an ERC-20, for those who come without an ABI. */
export const exampleAbi: readonly AbiEntry[] = [
  {
    type: 'event',
    name: 'Transfer',
    inputs: [address('from'), address('to'), { name: 'value', type: 'uint256', indexed: false }],
  },
  {
    type: 'event',
    name: 'Approval',
    inputs: [address('owner'), address('spender'), { name: 'value', type: 'uint256', indexed: false }],
  },
];

/** Fields every entity has; parameters of these names get a prefix. */
const OWN_FIELDS = ['id', 'contract', 'block', 'timestamp', 'transaction'];

/** Names that AssemblyScript keeps for itself; graph-cli writes an underscore after them. */
const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for function if ' +
    'implements import in instanceof interface let new null package private protected public return static super switch this throw ' +
    'true try typeof var void while with yield'
  ).split(' '),
);

interface Field {
  readonly name: string;
  readonly type: string;
  /** Of the generated event class. */
  readonly getter: string;
}

interface EventModel {
  /** As graph-cli calls the class: the second event of a name has a number. */
  readonly className: string;
  readonly signature: string;
  readonly fields: readonly Field[];
  /** Parameters that no field can hold as they are. */
  readonly leftOut: readonly string[];
}

export function projectFiles(options: ProjectOptions): ProjectFiles {
  const events = eventsOf(options.abi);
  return {
    entities: events.map(({ className }) => className),
    files: {
      'package.json': `${JSON.stringify({ name: options.name, private: true, scripts: { codegen: 'graph codegen', build: 'graph build' }, dependencies: { '@graphprotocol/graph-ts': '0.38.2' } }, null, 2)}\n`,
      'subgraph.yaml': manifest(options, events),
      'schema.graphql': schema(events),
      'src/mapping.ts': mapping(options, events),
      [`abis/${options.contract}.json`]: `${JSON.stringify(options.abi, null, 2)}\n`,
    },
  };
}

function eventsOf(abi: readonly AbiEntry[]): EventModel[] {
  const seen = new Map<string, number>();
  return abi
    .filter((entry) => entry.type === 'event' && entry.name !== undefined && !entry.anonymous)
    .map((entry) => {
      const name = entry.name as string;
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      const inputs = entry.inputs ?? [];
      const leftOut: string[] = [];
      const taken = new Set(OWN_FIELDS);
      const fields = inputs.flatMap((input, index): Field[] => {
        const own = input.name === undefined || input.name === '' ? `param${index}` : input.name;
        const type = fieldType(input);
        if (type === undefined) {
          leftOut.push(`${own} (${canonical(input)})`);
          return [];
        }
        let field = own.replace(/^_+/, '') || own;
        if (taken.has(field)) field = `event${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;
        while (taken.has(field)) field += '_';
        taken.add(field);
        return [{ name: field, type, getter: RESERVED.has(own) ? `${own}_` : own }];
      });
      return {
        className: count === 0 ? name : `${name}${count}`,
        signature: `${name}(${inputs.map((input) => `${input.indexed ? 'indexed ' : ''}${canonical(input)}`).join(',')})`,
        fields,
        leftOut,
      };
    });
}

/** The type as event signatures write it. */
function canonical({ type, components }: AbiParameter): string {
  if (!type.startsWith('tuple')) return type;
  return `(${(components ?? []).map(canonical).join(',')})${type.slice('tuple'.length)}`;
}

/** The GraphQL type of a parameter; undefined for structs and lists of lists. An indexed value longer than a word is its hash. */
function fieldType({ type, indexed }: AbiParameter): string | undefined {
  const list = /^(.*?)\[\d*\]$/.exec(type);
  if (indexed && (list || type === 'string' || type === 'bytes' || type.startsWith('tuple'))) return 'Bytes!';
  if (list) {
    const item = list[1] ? scalarType(list[1]) : undefined;
    return item && `[${item}!]!`;
  }
  const scalar = scalarType(type);
  return scalar && `${scalar}!`;
}

function scalarType(type: string): string | undefined {
  if (type === 'address' || /^bytes\d*$/.test(type)) return 'Bytes';
  if (type === 'bool') return 'Boolean';
  if (type === 'string') return 'String';
  const integer = /^(u?)int(\d*)$/.exec(type);
  if (!integer) return undefined;
  const bits = Number(integer[2] || 256);
  return bits <= (integer[1] ? 24 : 32) ? 'Int' : 'BigInt';
}

function manifest({ contract, address: at, network, startBlock }: ProjectOptions, events: EventModel[]) {
  return `specVersion: 1.2.0
description: ${JSON.stringify(`The events of ${contract}`)}
# How many blocks of history queries can go back to: a number, auto, or never to prune any.
indexerHints:
  prune: never
schema:
  file: ./schema.graphql
dataSources:
  - kind: ethereum
    name: ${contract}
    network: ${network}
    source:
      abi: ${contract}
${at ? `      address: "${at}"\n` : '      # Without an address the events of every contract count.\n'}      startBlock: ${startBlock}
    mapping:
      kind: ethereum/events
      apiVersion: 0.0.9
      language: wasm/assemblyscript
      file: ./src/mapping.ts
      entities:
${events.map(({ className }) => `        - ${className}`).join('\n')}
      abis:
        - name: ${contract}
          file: ./abis/${contract}.json
      eventHandlers:
${events.map(({ className, signature }) => `        - event: ${signature}\n          handler: handle${className}`).join('\n')}
`;
}

function schema(events: EventModel[]): string {
  return events
    .map(({ className, fields, leftOut }) => {
      const lines = fields.map((field) => `  ${field.name}: ${field.type}`);
      const notes = leftOut.map((parameter) => `  # ${parameter} is a structure: store the parts you need.`);
      return `type ${className} @entity(immutable: true) {
  "transaction hash ‖ log index"
  id: Bytes!
  contract: Bytes!
${[...lines, ...notes].join('\n')}
  block: BigInt!
  "Seconds."
  timestamp: BigInt!
  transaction: Bytes!
}
`;
    })
    .join('\n');
}

function mapping({ contract }: ProjectOptions, events: EventModel[]): string {
  const imports = events.map(({ className }) => `  ${className} as ${className}Event,`).join('\n');
  const types = events.map(({ className }) => className).join(', ');
  const handlers = events.map(({ className, fields }) => {
    const sets = fields.map(({ name, getter, type }) => {
      // An array of addresses is stored as one of bytes, which AssemblyScript does not see by itself.
      const value =
        type === '[Bytes!]!' ? `changetype<Bytes[]>(event.params.${getter})` : `event.params.${getter}`;
      return `  entity.${RESERVED.has(name) ? `${name}_` : name} = ${value};`;
    });
    return `export function handle${className}(event: ${className}Event): void {
  let entity = new ${className}(event.transaction.hash.concatI32(event.logIndex.toI32()));
  entity.contract = event.address;
${[...sets, ''].join('\n')}  entity.block = event.block.number;
  entity.timestamp = event.block.timestamp;
  entity.transaction = event.transaction.hash;
  entity.save();
}
`;
  });
  const bytes = events.some(({ fields }) => fields.some(({ type }) => type === '[Bytes!]!'));
  return `${bytes ? 'import { Bytes } from "@graphprotocol/graph-ts";\n' : ''}import {
${imports}
} from "../generated/${contract}/${contract}";
import { ${types} } from "../generated/schema";

${handlers.join('\n')}`;
}
