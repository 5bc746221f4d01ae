import { onchainTable } from 'ponder';

export const token = onchainTable('token', (t) => ({
  id: t.hex().primaryKey(),
  transfers: t.bigint().notNull(),
  volume: t.bigint().notNull(),
}));

export const account = onchainTable('account', (t) => ({
  id: t.hex().primaryKey(),
  token: t.hex().notNull(),
  balance: t.bigint().notNull(),
  transfers: t.integer().notNull(),
  updatedAt: t.bigint().notNull(),
}));

export const transfer = onchainTable('transfer', (t) => ({
  id: t.text().primaryKey(),
  token: t.hex().notNull(),
  from: t.hex().notNull(),
  to: t.hex().notNull(),
  value: t.bigint().notNull(),
  amount: t.text().notNull(),
  block: t.bigint().notNull(),
  timestamp: t.bigint().notNull(),
  transaction: t.hex().notNull(),
}));
