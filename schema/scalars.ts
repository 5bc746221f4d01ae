// The scalars every service subgraph shares: how amounts, times, bytes and identifiers look on the wire.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

function refuse(scalar: string, expected: string, value: unknown): GraphQLError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return new GraphQLError(`${scalar} expects ${expected}, got ${shown}`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** A literal in a document as the value a client would have sent as a variable. */
function literal(node: ValueNode): unknown {
  if (node.kind === Kind.INT) return node.value; // kept as text: an integer may be wider than a double
  return valueFromASTUntyped(node);
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

function parseDateTime(value: unknown): Date {
  if (typeof value === 'string' && RFC3339.test(value)) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw refuse('DateTime', 'an RFC 3339 time such as "2026-01-31T09:30:00Z"', value);
}

/** RFC 3339 time. A `Date` in resolvers, always written in UTC. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A point in time, RFC 3339, for example 2026-01-31T09:30:00.000Z.',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    return parseDateTime(value).toISOString();
  },
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(literal(node)),
});

function parseBigInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,1000}$/.test(value)) return BigInt(value);
  throw refuse('BigInt', 'a decimal integer, as a string when it is wider than 53 bits', value);
}

/** Integer of any width: a decimal string on the wire, a `bigint` in resolvers. */
export const BigIntScalar = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description: 'An integer of any width, written as a decimal string.',
  serialize: (value) => parseBigInt(value).toString(),
  parseValue: parseBigInt,
  parseLiteral: (node) => parseBigInt(literal(node)),
});

function parseBytes(value: unknown): string {
  if (value instanceof Uint8Array) return `0x${bytesToHex(value)}`;
  if (typeof value === 'string' && /^0x([0-9a-f]{2})*$/i.test(value)) return value.toLowerCase();
  throw refuse('Bytes', 'whole bytes as 0x hex', value);
}

/** Bytes as lower-case 0x hex, on the wire and in resolvers. */
export const BytesScalar = new GraphQLScalarType<string, string>({
  name: 'Bytes',
  description: 'Bytes as lower-case hex with 0x.',
  serialize: parseBytes,
  parseValue: parseBytes,
  parseLiteral: (node) => parseBytes(literal(node)),
});

/** The mixed-case checksum of EIP-55 over a lower-case address without 0x. */
function checksum(hex: string): string {
  const digest = bytesToHex(keccak_256(utf8ToBytes(hex)));
  return Array.from(hex, (digit, at) =>
    Number.parseInt(digest.charAt(at), 16) >= 8 ? digit.toUpperCase() : digit,
  ).join('');
}

function parseAddress(value: unknown): string {
  if (typeof value === 'string' && /^0x[0-9a-f]{40}$/i.test(value)) {
    const digits = value.slice(2);
    const lower = digits.toLowerCase();
    // All-lower and all-upper spellings carry no checksum; a mixed one must be right, or a typo would move money.
    if (digits === lower || digits === digits.toUpperCase() || digits === checksum(lower))
      return `0x${lower}`;
    throw refuse('Address', 'a correct EIP-55 checksum (one digit or its case is wrong)', value);
  }
  throw refuse('Address', '20 bytes as 0x hex', value);
}

/** An EVM address: any spelling in, checksums verified, lower-case out. */
export const AddressScalar = new GraphQLScalarType<string, string>({
  name: 'Address',
  description:
    'An EVM address, 20 bytes as lower-case 0x hex. Checksummed input is verified (EIP-55) and lowered.',
  serialize: parseAddress,
  parseValue: parseAddress,
  parseLiteral: (node) => parseAddress(literal(node)),
});

const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/;

function parseDid(value: unknown): string {
  if (typeof value === 'string' && value.length <= 2048 && DID.test(value)) return value;
  throw refuse('DID', 'a decentralised identifier such as did:aios:z6Mk…', value);
}

/** A decentralised identifier (W3C DID core, section 3.1), without path, query or fragment. */
export const DidScalar = new GraphQLScalarType<string, string>({
  name: 'DID',
  description: 'A decentralised identifier, for example did:aios:6Mk….',
  serialize: parseDid,
  parseValue: parseDid,
  parseLiteral: (node) => parseDid(literal(node)),
});

/** Any JSON value, passed through. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
