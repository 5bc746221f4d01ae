// The work of the benchmark's subgraph in Ponder's own way: upserts that its cache answers.
import { ponder } from 'ponder:registry';
import { account, token, transfer } from 'ponder:schema';
import { formatUnits } from 'viem';

ponder.on('Token:Transfer', async ({ event, context }) => {
  const { from, to, value } = event.args;
  const { number, timestamp } = event.block;
  const tokenId = event.log.address;
  await context.db
    .insert(token)
    .values({ id: tokenId, transfers: 1n, volume: value })
    .onConflictDoUpdate((row) => ({ transfers: row.transfers + 1n, volume: row.volume + value }));
  await context.db
    .insert(account)
    .values({ id: from, token: tokenId, balance: -value, transfers: 1, updatedAt: number })
    .onConflictDoUpdate((row) => ({
      balance: row.balance - value,
      transfers: row.transfers + 1,
      updatedAt: number,
    }));
  await context.db
    .insert(account)
    .values({ id: to, token: tokenId, balance: value, transfers: 1, updatedAt: number })
    .onConflictDoUpdate((row) => ({
      balance: row.balance + value,
      transfers: row.transfers + 1,
      updatedAt: number,
    }));
  await context.db.insert(transfer).values({
    id: event.id,
    token: tokenId,
    from,
    to,
    value,
    amount: formatUnits(value, 18),
    block: number,
    timestamp,
    transaction: event.transaction.hash,
  });
});
