// How values of the indexer's scalars are read from documents and variables, with graph-node's leniency. Results are always text.
import { GraphQLError, type GraphQLSchema, isScalarType, Kind, type ValueNode } from 'graphql';

interface ScalarInput {
  /** Kinds of literal that are accepted. */
  readonly literals: readonly Kind[];
  /** Kinds of JSON value that are accepted in variables. */
  readonly values: readonly ('string' | 'number')[];
}

const INPUTS: Readonly<Record<string, ScalarInput>> = {
  BigInt: { literals: [Kind.STRING, Kind.INT], values: ['string', 'number'] },
  BigDecimal: { literals: [Kind.STRING, Kind.INT, Kind.FLOAT], values: ['string', 'number'] },
  Bytes: { literals: [Kind.STRING], values: ['string'] },
  Int8: { literals: [Kind.STRING, Kind.INT], values: ['string', 'number'] },
  Timestamp: { literals: [Kind.STRING, Kind.INT], values: ['string', 'number'] },
};

/** Gives the scalars of a schema built from SDL their input rules. Values are checked further when they become SQL parameters. */
export function attachScalars(schema: GraphQLSchema): void {
  for (const [name, input] of Object.entries(INPUTS)) {
    const type = schema.getType(name);
    if (!type || !isScalarType(type)) continue;
    type.parseLiteral = (node: ValueNode): string => {
      if (
        (node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT) &&
        input.literals.includes(node.kind)
      )
        return node.value;
      throw new GraphQLError(`${name} cannot represent this literal: write it as a string`, {
        nodes: [node],
      });
    };
    type.parseValue = (value: unknown): string => {
      if (typeof value === 'string') return value;
      if (typeof value === 'number' && input.values.includes('number')) {
        if (name === 'BigDecimal' ? Number.isFinite(value) : Number.isSafeInteger(value))
          return String(value);
      }
      throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value)}: pass it as a string`);
    };
  }
}
