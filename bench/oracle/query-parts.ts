// Queries as data: arguments that can be printed into a document or handed over as variables.

/** A word of an enum. */
export class EnumWord {
  readonly word: string;

  constructor(word: string) {
    this.word = word;
  }

  toJSON(): string {
    return this.word;
  }
}

export type Argument =
  | string
  | number
  | boolean
  | null
  | EnumWord
  | Variable
  | readonly Argument[]
  | { readonly [name: string]: Argument };

/** An argument that is sent beside the document. */
export class Variable {
  readonly name: string;
  /** As the document declares it, `Int!`. */
  readonly type: string;
  readonly value: Argument;

  constructor(name: string, type: string, value: Argument) {
    this.name = name;
    this.type = type;
    this.value = value;
  }
}

export interface Query {
  readonly text: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export function printArgument(value: Argument): string {
  if (value instanceof EnumWord) return value.word;
  if (value instanceof Variable) return `$${value.name}`;
  if (Array.isArray(value)) return `[${(value as readonly Argument[]).map(printArgument).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value as Readonly<Record<string, Argument>>);
    return `{${fields.map(([name, item]) => `${name}: ${printArgument(item)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

export function printArguments(values: Readonly<Record<string, Argument>>): string {
  const entries = Object.entries(values);
  if (entries.length === 0) return '';
  return `(${entries.map(([name, value]) => `${name}: ${printArgument(value)}`).join(', ')})`;
}
