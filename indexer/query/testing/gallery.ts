// A deployment for tests that has every kind of field, relation and table, filled with random histories.
import fc from 'fast-check';
import type { BlockOutcome, EntityData, EntityId, EntityModification } from '#indexer/model.ts';
import { outcome } from '#indexer/store/testing/deployments.ts';

export const gallerySchema = `
enum Colour { RED GREEN BLUE }

interface Thing {
  id: Bytes!
  label: String!
  owner: User!
}

"A user."
type User @entity(immutable: false) {
  id: ID!
  name: String!
  nick: String
  age: Int
  score: BigInt!
  ratio: BigDecimal
  active: Boolean!
  colour: Colour
  tags: [String!]!
  numbers: [BigInt!]
  data: Bytes
  seen: Timestamp
  points: Int8
  friend: User
  friends: [User!]!
  favourite: Thing
  items: [Item!]! @derivedFrom(field: "owner")
  liked: [Item!]! @derivedFrom(field: "likers")
  profile: Profile @derivedFrom(field: "user")
  things: [Thing!]! @derivedFrom(field: "owner")
}

type Item implements Thing @entity(immutable: false) {
  id: Bytes!
  label: String!
  owner: User!
  price: BigDecimal!
  likers: [User!]!
}

type Badge implements Thing @entity(immutable: true) {
  id: Bytes!
  label: String!
  owner: User!
  level: Int!
}

type Profile @entity(immutable: false) {
  id: ID!
  user: User!
  bio: String
}
`;

export const HEAD = 6;
const USERS = ['u0', 'u1', 'u2', 'U3', 'u4', 'ü5'];
const LONG = 'long '.repeat(60);
export const STRINGS = [
  '',
  'a',
  'A',
  'ab',
  'Ab',
  'b%c',
  'b_c',
  'back\\slash',
  'Üñ',
  'üñ',
  'z"q',
  LONG,
  `${LONG}x`,
  `${LONG}a`,
];
export const BYTES = ['0x', '0x00', '0xab', '0xabcd', '0xcd', `0x${'11'.repeat(70)}`, `0x${'11'.repeat(71)}`];
export const THINGS = ['0x01', '0x02', '0x0203', '0x03', '0xff', '0xff00'];
export const INTEGERS = [-12n, -1n, 0n, 1n, 2n, 10n, 123456789012345678901234567890n];
export const SMALL = [-5, 0, 1, 2, 77];
/** Digits and exponent. */
export const DECIMALS: readonly (readonly [bigint, number])[] = [
  [0n, 0],
  [1n, 0],
  [15n, -1],
  [-15n, -1],
  [1n, 3],
  [123456n, -4],
  [1n, -7],
];
export const INT8S = [-9007199254740993n, 0n, 5n, 9007199254740993n];
export const TIMES = [0n, 1n, 1_700_000_000_123_456n, -1n];

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const orNull = <T>(values: readonly T[]) => fc.option(pick(values), { nil: null, freq: 3 });

const user = fc.record({
  name: pick(STRINGS),
  nick: orNull(STRINGS),
  age: orNull(SMALL),
  score: pick(INTEGERS),
  ratio: orNull(DECIMALS.map(([digits, exp]) => ({ digits, exp }))),
  active: fc.boolean(),
  colour: orNull(['RED', 'GREEN', 'BLUE']),
  tags: fc.array(pick(STRINGS), { maxLength: 3 }),
  numbers: fc.option(fc.array(pick(INTEGERS), { maxLength: 3 }), { nil: null }),
  data: orNull(BYTES.map(bytes)),
  seen: orNull(TIMES),
  points: orNull(INT8S),
  // The last does not exist: what refers to it finds nothing.
  friend: orNull([...USERS, 'nobody']),
  friends: fc.array(pick([...USERS, 'nobody']), { maxLength: 4 }),
  favourite: orNull(THINGS.map(bytes)),
});
const item = fc.record({
  label: pick(STRINGS),
  owner: pick(USERS),
  price: pick(DECIMALS.map(([digits, exp]) => ({ digits, exp }))),
  likers: fc.array(pick(USERS), { maxLength: 3 }),
});
const badge = fc.record({ label: pick(STRINGS), owner: pick(USERS), level: pick(SMALL) });
const profile = fc.record({ bio: orNull(STRINGS) });

type Change = { readonly type: string; readonly id: EntityId; readonly data: EntityData | null };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('User'), id: pick(USERS), data: user }) },
  {
    weight: 4,
    // Items and badges have ids apart, as implementers of one interface must.
    arbitrary: fc.record({
      type: fc.constant('Item'),
      id: pick(THINGS.slice(0, 4)).map(bytes),
      data: fc.option(item, { nil: null, freq: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('Profile'),
      id: pick(USERS),
      data: fc.option(profile, { nil: null, freq: 3 }),
    }),
  },
);

/** A random history of HEAD blocks. Every user exists from the first, so that references that must lead somewhere do. */
export const history: fc.Arbitrary<BlockOutcome[]> = fc
  .record({
    users: fc.array(user, { minLength: USERS.length, maxLength: USERS.length }),
    badges: fc.tuple(badge, badge),
    badgeBlocks: fc.tuple(fc.integer({ min: 1, max: HEAD }), fc.integer({ min: 1, max: HEAD })),
    blocks: fc.array(fc.array(change, { maxLength: 6 }), { minLength: HEAD, maxLength: HEAD }),
  })
  .map(({ users, badges, badgeBlocks, blocks }) =>
    blocks.map((changes, index) => {
      const number = index + 1;
      const last = new Map<string, EntityModification>();
      const put = ({ type, id, data }: Change) => {
        const key = `${type}/${typeof id === 'string' ? id : Buffer.from(id as Uint8Array).toString('hex')}`;
        const owned = type === 'Profile' && data !== null ? { ...data, user: id as string } : data;
        last.set(key, { type, id, data: owned === null ? null : { ...owned, id } });
      };
      if (number === 1)
        for (const [place, data] of users.entries()) put({ type: 'User', id: USERS[place] as string, data });
      badges.forEach((data, place) => {
        if (badgeBlocks[place] === number)
          put({ type: 'Badge', id: bytes(THINGS[4 + place] as string), data });
      });
      for (const one of changes) put(one);
      return outcome(number, [...last.values()]);
    }),
  );
