// A validator that crashes at any byte of a write never signs what contradicts what it has sent.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import type { Vote } from '../types/vote.ts';
import { contradictionOf } from './contradiction.ts';
import { SigningJournal } from './signing-journal.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aios-journal-'));
  path = join(folder, 'signed');
});
afterEach(() => rm(folder, { recursive: true }));

const vote = (from: number, to: number, stateRoot = '0'): Vote => ({
  validator: 'v',
  source: { epoch: from, block: `b${from}` },
  target: { epoch: to, block: `b${to}` },
  stateRoot,
});
const refused = expect.objectContaining({ code: 'WOULD_CONTRADICT' });

it('never lets through two votes that contradict each other, over crashes that tear the last record', async () => {
  const random = seeded(1);
  const sent: Vote[] = [];
  let journal = await SigningJournal.open(path);
  let refusals = 0;
  for (let round = 0; round < 400; round++) {
    const from = Math.max(0, Math.floor(round / 10 + random() * 6 - 3));
    const next = vote(from, from + 1 + Math.floor(random() * 4), String(Math.floor(random() * 2)));
    try {
      await journal.vote(next);
      sent.push(next);
    } catch (error) {
      expect(error).toEqual(refused);
      refusals += 1;
    }
    if (random() < 0.1) {
      await journal.close();
      const torn = Buffer.from('0123456789abcdef {"kind":"vote","source":{"epoch":9').subarray(
        0,
        Math.floor(random() * 50),
      );
      await writeFile(path, Buffer.concat([await readFile(path), torn]));
      journal = await SigningJournal.open(path);
    }
  }
  await journal.close();
  expect(sent.length).toBeGreaterThan(20);
  expect(refusals).toBeGreaterThan(20);
  for (const a of sent) for (const b of sent) expect(contradictionOf(a, b)).toBeUndefined();
});

it('has the vote on disk when it says so, and lets the same one be sent again', async () => {
  const journal = await SigningJournal.open(path);
  await journal.vote(vote(0, 1));
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(2);
  await journal.vote(vote(0, 1));
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(2);
  await journal.close();
  const again = await SigningJournal.open(path);
  await again.vote(vote(0, 1));
  await expect(again.vote(vote(0, 1, 'another state'))).rejects.toEqual(refused);
  await again.close();
});

it('takes a record for signed that lacks nothing but its end of line', async () => {
  const journal = await SigningJournal.open(path);
  await journal.vote(vote(0, 1));
  await journal.vote(vote(1, 2));
  await journal.close();
  await writeFile(path, (await readFile(path)).subarray(0, -1));
  for (let again = 0; again < 2; again++) {
    const opened = await SigningJournal.open(path);
    await expect(opened.vote(vote(0, 2))).rejects.toEqual(refused);
    await opened.close();
  }
});

it('keeps votes that are asked for at once in order', async () => {
  const journal = await SigningJournal.open(path);
  const outcomes = await Promise.allSettled([1, 3, 2, 3, 4].map((to) => journal.vote(vote(0, to))));
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  await journal.close();
});

it('proposes one block a round', async () => {
  const journal = await SigningJournal.open(path);
  await journal.proposal(5, 'x');
  await journal.proposal(5, 'x');
  await expect(journal.proposal(5, 'y')).rejects.toEqual(refused);
  await expect(journal.proposal(4, 'z')).rejects.toEqual(refused);
  await journal.vote(vote(0, 1));
  await journal.proposal(6, 'y');
  await journal.close();
});

it('refuses to guess when it is damaged anywhere but at its end', async () => {
  const journal = await SigningJournal.open(path);
  for (let epoch = 1; epoch < 5; epoch++) await journal.vote(vote(epoch - 1, epoch));
  await journal.close();
  const whole = await readFile(path);
  for (const at of [0, 20, 70, whole.length - 30]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 1;
    await writeFile(path, damaged);
    await expect(SigningJournal.open(path)).rejects.toThrow(/is damaged.*unstake and begin with a new key/);
  }
});
