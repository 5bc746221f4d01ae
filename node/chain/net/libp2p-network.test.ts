import { mkdtempSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { LIMITS } from './messages.ts';
import { MAX_MESSAGE_BYTES, MAX_PART_BYTES, type NetworkHandlers, type Verdict } from './network.ts';
import { openNodeKey, peerIdOf } from './node-key.ts';
import { NodeProcess } from './testing/node-processes.ts';
import {
  askProtocol,
  bytes,
  frame,
  gossipProtocol,
  HostilePeer,
  TestNode,
  text,
} from './testing/test-nodes.ts';

const open: { close(): Promise<void> }[] = [];
const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push((error as Error).stack ?? error);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
  expect(unhandled).toEqual([]);
});

async function start(...options: Parameters<typeof TestNode.start>): Promise<TestNode> {
  const node = await TestNode.start(...options);
  open.push(node);
  return node;
}

async function hostile(...options: Parameters<typeof HostilePeer.start>): Promise<HostilePeer> {
  const peer = await HostilePeer.start(...options);
  open.push(peer);
  return peer;
}

const until = (condition: () => unknown) => expect.poll(condition, { interval: 10 }).toBeTruthy();
const connected = (...nodes: TestNode[]) =>
  until(() => nodes.every((node) => node.network.peers.length >= 1));

async function partsOf(answer: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of answer) parts.push(part);
  return parts;
}
const codeOf = (answer: AsyncIterable<Uint8Array>) =>
  partsOf(answer).then(
    (parts) => `${parts.length} parts`,
    (error) => (error instanceof AiosError ? error.code : String(error)),
  );
const answering = (answer: NetworkHandlers['answer']): Partial<NetworkHandlers> => ({ answer });

describe('gossip', () => {
  it('reaches everybody once, over nodes between', async () => {
    const a = await start();
    const b = await start({ bootstrap: [a.address] });
    const c = await start({ bootstrap: [b.address] });
    const d = await start({ bootstrap: [c.address, b.address] });
    await until(() => b.network.peers.length === 3 && c.network.peers.length === 2);
    for (let nth = 0; nth < 50; nth++) {
      a.network.publish('votes', bytes(`vote ${nth}`));
      d.network.publish('blocks', bytes(`block ${nth}`));
    }
    const votes = Array.from({ length: 50 }, (_, nth) => `vote ${nth}`).sort();
    const blocks = Array.from({ length: 50 }, (_, nth) => `block ${nth}`).sort();
    await until(
      () => [b, c].every((each) => each.heard.length === 100) && d.heard.length + a.heard.length === 100,
    );
    expect(d.texts('votes').sort()).toEqual(votes);
    expect(a.texts('blocks').sort()).toEqual(blocks);
    for (const each of [b, c]) {
      expect(each.texts('votes').sort()).toEqual(votes);
      expect(each.texts('blocks').sort()).toEqual(blocks);
    }
    expect(a.texts('votes')).toEqual([]);
  });

  it('says who it heard from, keeps topics apart, and carries the largest message there may be', async () => {
    const a = await start();
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    const largest = new Uint8Array(MAX_MESSAGE_BYTES).fill(7);
    a.network.publish('transactions', largest);
    a.network.publish('blocks', bytes('same'));
    a.network.publish('votes', bytes('same'));
    await until(() => b.heard.length === 3);
    expect(b.heard.every(({ from }) => from === a.self)).toBe(true);
    expect(b.heard.find(({ topic }) => topic === 'transactions')?.message).toEqual(largest);
    expect(b.texts('votes')).toEqual(b.texts('blocks'));
    expect(() => a.network.publish('blocks', new Uint8Array(MAX_MESSAGE_BYTES + 1))).toThrow('65536 bytes');
    expect(() => a.network.publish('blocks', new Uint8Array())).toThrow('1 to 65536');
  });

  it('passes on what is accepted only, blames for what is rejected, and judges again what nobody could judge', async () => {
    const verdicts: Record<string, Verdict> = { good: 'accept', late: 'ignore', bad: 'reject' };
    let failed = 0;
    const a = await start();
    const b = await start(
      { bootstrap: [a.address] },
      {
        message: async (_from, _topic, message) => {
          const verdict = verdicts[text(message)];
          if (verdict) return verdict;
          failed++;
          throw new Error('the disk is full');
        },
      },
    );
    const c = await start({ bootstrap: [b.address] });
    await until(() => b.network.peers.length === 2);
    for (const each of ['late', 'bad', 'odd', 'good']) a.network.publish('blocks', bytes(each));
    await until(() => c.heard.length === 1);
    expect(c.texts()).toEqual(['good']);
    expect(b.network.scoreOf(a.self)).toBeCloseTo(40, 0);
    expect(b.network.scoreOf(c.self)).toBe(0);
    a.network.publish('blocks', bytes('odd'));
    await until(() => failed === 2);
    expect(b.network.peers).toHaveLength(2);
  });

  it('holds up no vote when transactions are judged slowly', async () => {
    const a = await start();
    let judging = 0;
    let most = 0;
    let release: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const votes: string[] = [];
    const b = await start(
      { bootstrap: [a.address] },
      {
        message: async (_from, topic, message) => {
          if (topic === 'votes') votes.push(text(message));
          else {
            most = Math.max(most, ++judging);
            await slow;
            judging--;
          }
          return 'accept';
        },
      },
    );
    await connected(a, b);
    for (let nth = 0; nth < 200; nth++) a.network.publish('transactions', bytes(`transaction ${nth}`));
    await until(() => judging > 0);
    a.network.publish('votes', bytes('vote'));
    await until(() => votes.length === 1);
    expect(most).toBeLessThanOrEqual(32);
    release();
    await until(() => judging === 0 && most <= 32);
  });
});

describe('questions', () => {
  it('are answered part by part, empty parts and the largest among them', async () => {
    const largest = new Uint8Array(MAX_PART_BYTES).fill(3);
    const a = await start(
      {},
      answering(async function* (from, question, body) {
        yield bytes(`${from} asks ${question}: ${text(body)}`);
        yield new Uint8Array();
        yield largest;
      }),
    );
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    for (const question of ['blocks', 'after'] as const) {
      const [first, second, third, ...none] = await partsOf(b.network.ask(a.self, question, bytes('what')));
      expect(first && text(first)).toBe(`${b.self} asks ${question}: what`);
      expect(second).toEqual(new Uint8Array());
      expect(Buffer.compare(third ?? new Uint8Array(), largest)).toBe(0);
      expect(none).toEqual([]);
    }
    // Both ways on the one connection.
    expect(await codeOf(a.network.ask(b.self, 'status', new Uint8Array()))).toBe('0 parts');
  });

  it('stop the answer when the reader stops, and never run far ahead of it', async () => {
    let made = 0;
    let ended = false;
    const part = new Uint8Array(100_000);
    const a = await start(
      {},
      answering(async function* () {
        try {
          for (; made < 256; made++) yield part;
        } finally {
          ended = true;
        }
      }),
    );
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    let read = 0;
    for await (const _ of b.network.ask(a.self, 'after', new Uint8Array([0]))) {
      read++;
      if (read === 3) {
        // Whatever the buffers on the way hold is full before long.
        let before = -1;
        while (before !== made) {
          before = made;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        expect(made).toBeLessThan(100);
        break;
      }
    }
    await until(() => ended);
    expect(made).toBeLessThan(100);
    expect(a.network.scoreOf(b.self)).toBe(0);
    expect(await codeOf(b.network.ask(a.self, 'status', new Uint8Array()))).toBe('PEER_ANSWER_TOO_LARGE');
  });

  it('end with PEER_GONE when the answer breaks off, the peer goes or is not there', async () => {
    const a = await start(
      {},
      answering(async function* (_from, question) {
        yield bytes('one');
        if (question === 'blocks') throw new Error('the disk is full');
        await new Promise(() => {});
      }),
    );
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    expect(await codeOf(b.network.ask(a.self, 'blocks', new Uint8Array([0])))).toBe('PEER_GONE');
    const answer = codeOf(b.network.ask(a.self, 'after', new Uint8Array([0])));
    await a.close();
    expect(await answer).toBe('PEER_GONE');
    expect(await codeOf(b.network.ask(a.self, 'blocks', new Uint8Array([0])))).toBe('PEER_GONE');
    expect(await codeOf(b.network.ask('nobody', 'blocks', new Uint8Array([0])))).toBe('PEER_GONE');
    await until(() => b.network.peers.length === 0);
  });

  it('end with PEER_TIMEOUT when nothing comes, and the peer is blamed', async () => {
    const a = await start(
      {},
      answering(async function* () {
        await new Promise(() => {});
        yield new Uint8Array();
      }),
    );
    const b = await start({ bootstrap: [a.address], partMs: 300 });
    await connected(a, b);
    expect(await codeOf(b.network.ask(a.self, 'status', new Uint8Array()))).toBe('PEER_TIMEOUT');
    expect(b.network.scoreOf(a.self)).toBeCloseTo(10, 0);
  });

  it('wait for their turn: no more than four at once of a peer, and all are answered', async () => {
    let now = 0;
    let most = 0;
    const a = await start(
      {},
      answering(async function* () {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield bytes('here');
        now--;
      }),
    );
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    const codes = await Promise.all(
      Array.from({ length: 40 }, () => codeOf(b.network.ask(a.self, 'status', new Uint8Array()))),
    );
    expect(new Set(codes)).toEqual(new Set(['1 parts']));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(a.network.scoreOf(b.self)).toBe(0);
  });

  it('are refused when they are too large to be any', async () => {
    const a = await start();
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    const much = new Uint8Array(LIMITS.status.asked + 1);
    expect(await codeOf(b.network.ask(a.self, 'status', much))).toBe('QUESTION_TOO_LARGE');
  });
});

describe('connections', () => {
  it('are for nodes of one chain only', async () => {
    const a = await start();
    const other = await start({ genesis: 'ab'.repeat(32), bootstrap: [a.address] });
    const same = await start({ bootstrap: [a.address] });
    await connected(a, same);
    expect(a.network.peers).toEqual([same.self]);
    expect(other.network.peers).toEqual([]);
    expect(other.events).toEqual([]);
  });

  it('come back after a peer has restarted, whoever called first, and tell when they go', async () => {
    const key = await generateKeyPair('Ed25519');
    let a = await TestNode.start({ key });
    const { address } = a;
    const listen = [address.replace(/\/p2p\/.*/, '')];
    const b = await start({ bootstrap: [address] });
    await connected(a, b);
    for (let times = 0; times < 2; times++) {
      await a.close();
      await until(() => b.network.peers.length === 0);
      a = await TestNode.start({ key, listen });
      await connected(a, b);
    }
    open.push(a);
    expect(b.events).toEqual([`+${a.self}`, `-${a.self}`, `+${a.self}`, `-${a.self}`, `+${a.self}`]);
    a.network.publish('votes', bytes('back'));
    await until(() => b.heard.length === 1);
  });

  it('survive two nodes that call each other at the same moment', async () => {
    const keys = [await generateKeyPair('Ed25519'), await generateKeyPair('Ed25519')] as const;
    const first = await TestNode.start({ key: keys[0] });
    const listen = [first.address.replace(/\/p2p\/.*/, '')];
    await first.close();
    const b = await start({ key: keys[1], bootstrap: [`${listen[0]}/p2p/${peerIdOf(keys[0])}`] });
    const a = await start({ key: keys[0], listen, bootstrap: [b.address] });
    await connected(a, b);
    a.network.publish('votes', bytes('from a'));
    b.network.publish('votes', bytes('from b'));
    await until(() => a.heard.length === 1 && b.heard.length === 1);
    expect(a.network.peers).toEqual([b.self]);
  });

  it('are no more than wanted, but for those that are called by name', async () => {
    const named = await start();
    const a = await start({ maxPeers: 2, bootstrap: [named.address] });
    await connected(a, named);
    const b = await start({ bootstrap: [a.address] });
    await connected(b);
    const c = await start({ bootstrap: [a.address] });
    await until(() => a.network.peers.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(c.network.peers).toEqual([]);
    expect(a.network.peers.length).toBe(2);
    await b.close();
    await connected(c);
  });

  it('are refused to who has been blamed enough, for a while', async () => {
    const a = await start();
    const b = await start({ bootstrap: [a.address] });
    await connected(a, b);
    for (let times = 0; times < 3; times++) a.network.blame(b.self, 'invalid', 'for the test');
    await until(() => a.network.peers.length === 0 && b.network.peers.length === 0);
    // It calls again, and is turned away.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(a.network.peers).toEqual([]);
    expect(b.events).toEqual([`+${a.self}`, `-${a.self}`]);
  });

  it('say which address they cannot listen at', async () => {
    const a = await start();
    await expect(TestNode.start({ listen: [a.address.replace(/\/p2p\/.*/, '')] })).rejects.toThrow(
      /cannot listen at \/ip4\/127\.0\.0\.1\/tcp\/\d+: .*another port/,
    );
  });

  it('keep the name of the key file, which nobody else may read and which is not guessed at', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'aios-key-')), 'keys', 'node.key');
    const name = peerIdOf(await openNodeKey(path));
    expect(peerIdOf(await openNodeKey(path))).toBe(name);
    writeFileSync(path, 'no key');
    await expect(openNodeKey(path)).rejects.toThrow('holds no node key');
  });
});

describe('peers that mean no good', () => {
  /** The node that they try their luck with, and an honest one that must not suffer. */
  async function victim(handlers: Partial<NetworkHandlers> = {}, partMs = 500) {
    const node = await start({ partMs }, handlers);
    const friend = await start({ bootstrap: [node.address] });
    await connected(node, friend);
    const works = async () => {
      const word = `still there ${Math.random()}`;
      friend.network.publish('votes', bytes(word));
      await until(() => node.texts().includes(word));
    };
    return { node, works };
  }

  it('that speak no libp2p at all are hung up on', async () => {
    const { node, works } = await victim();
    const [, , , , port] = node.address.split('/');
    const closed = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => {
        const socket = createConnection(Number(port), '127.0.0.1');
        socket.on('error', () => {});
        socket.resume();
        socket.on('connect', () => {
          // Some begin as libp2p does.
          if (nth % 2) socket.write('\x13/multistream/1.0.0\n');
          socket.write(Buffer.alloc(100_000, nth));
        });
        return new Promise((resolve) => socket.once('close', () => resolve(true)));
      }),
    );
    expect(closed).toHaveLength(20);
    expect(node.network.peers).toHaveLength(1);
    await works();
  });

  it.each<[string, Uint8Array]>([
    ['announces a message of 4 GB', frame(new Uint8Array(8), 0xfffffff0)],
    ['announces one that is a byte too large', frame(new Uint8Array(8), MAX_MESSAGE_BYTES + 1)],
    ['sends an empty one', frame(new Uint8Array())],
  ])('are blamed: one %s', async (_what, sent) => {
    const { node, works } = await victim();
    const peer = await hostile();
    const connection = await peer.dial(node.address);
    for (let times = 1; times <= 3; times++) {
      const stream = await connection.newStream(gossipProtocol('blocks')).catch(() => undefined);
      stream?.send(sent);
      await until(() => node.network.scoreOf(peer.self) >= Math.min(100, 40 * times - 1));
    }
    await until(() => !peer.isConnected);
    expect(node.scores.isRefused(peer.self)).toBe(true);
    await works();
  });

  it('that flood are blamed for it, and what they send is not even looked at', async () => {
    let looked = 0;
    const { node } = await victim({
      message: async () => {
        looked++;
        return 'ignore';
      },
    });
    const peer = await hostile();
    const connection = await peer.dial(node.address);
    const stream = await connection.newStream(gossipProtocol('blocks'));
    let sent = 0;
    while (peer.isConnected && sent < 100_000 && !node.scores.isRefused(peer.self)) {
      if (stream.status !== 'open') break;
      try {
        stream.send(frame(crypto.getRandomValues(new Uint8Array(40))));
      } catch {
        break;
      }
      if (++sent % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (node.network.scoreOf(peer.self) >= 20) break;
    }
    await until(() => node.network.scoreOf(peer.self) >= 9);
    expect(looked).toBeLessThan(2_000);
    expect(sent).toBeGreaterThan(looked);
  });

  it('that open streams and say nothing hold nothing up', async () => {
    const { node, works } = await victim(
      answering(async function* () {
        yield bytes('here');
      }),
    );
    const peer = await hostile();
    const connection = await peer.dial(node.address);
    const streams = await Promise.allSettled(
      Array.from({ length: 60 }, () => connection.newStream(askProtocol('blocks'))),
    );
    // Half a length is sent on one of them, half a question on another.
    const [one, other] = streams.flatMap((each) =>
      each.status === 'fulfilled' && each.value.status === 'open' ? [each.value] : [],
    );
    one?.send(new Uint8Array(2));
    other?.send(frame(new Uint8Array(3), 33));
    await works();
    await until(() => node.network.scoreOf(peer.self) >= 9 || !peer.isConnected);
    await until(() => connection.streams.filter(({ protocol }) => protocol.includes('/ask/')).length === 0);
  });

  it('that ask and do not read cost a part or two of memory, and are given up', async () => {
    let made = 0;
    let given = 0;
    const { node, works } = await victim(
      answering(async function* () {
        try {
          for (let nth = 0; nth < 60; nth++) {
            made++;
            yield new Uint8Array(1_000_000);
          }
        } finally {
          given++;
        }
      }),
    );
    const peer = await hostile();
    const connection = await peer.dial(node.address);
    for (let nth = 0; nth < 8; nth++) {
      const stream = await connection.newStream(askProtocol('after'));
      stream.pause();
      stream.send(frame(new Uint8Array([0])));
    }
    await until(() => given === 8);
    expect(made).toBeLessThanOrEqual(8 * 3);
    expect(node.network.scoreOf(peer.self)).toBeGreaterThan(9);
    await works();
  });

  it('that ask more at once than anybody needs are blamed, and get no more answers than they may have', async () => {
    let answering = 0;
    const { node, works } = await victim({
      answer: async function* () {
        answering++;
        await new Promise(() => {});
        yield new Uint8Array();
      },
    });
    const peer = await hostile();
    const connection = await peer.dial(node.address);
    for (let nth = 0; nth < 12; nth++) {
      const stream = await connection.newStream(askProtocol('status'));
      if (stream.status === 'open') stream.send(frame(new Uint8Array()));
    }
    await until(() => node.network.scoreOf(peer.self) >= 9);
    expect(answering).toBeLessThanOrEqual(8);
    await works();
  });

  it.each<[string, number, (stream: { send(data: Uint8Array): boolean }) => void]>([
    ['PEER_ANSWER_TOO_LARGE', 39, (stream) => stream.send(frame(new Uint8Array(9), MAX_PART_BYTES + 1))],
    ['PEER_ANSWER_TOO_LARGE', 39, (stream) => stream.send(frame(new Uint8Array(), 0xfffffffe))],
    [
      'PEER_ANSWER_TOO_LARGE',
      39,
      (stream) => {
        for (let nth = 0; nth < 300; nth++) stream.send(frame(new Uint8Array()));
      },
    ],
    ['PEER_TIMEOUT', 9, (stream) => stream.send(frame(new Uint8Array(9), 1_000))],
    ['PEER_TIMEOUT', 9, (stream) => stream.send(new Uint8Array(3))],
  ])('end an answer with %s (%s)', async (code, score, answer) => {
    const { node, works } = await victim();
    const peer = await hostile();
    await peer.handle(askProtocol('after'), true, answer);
    await peer.dial(node.address);
    await until(() => node.network.peers.includes(peer.self));
    expect(await codeOf(node.network.ask(peer.self, 'after', new Uint8Array([0])))).toBe(code);
    expect(node.network.scoreOf(peer.self)).toBeGreaterThan(score);
    await works();
  });

  it('that take no messages are hung up on, and cost no more than the queues for them', async () => {
    const { node, works } = await victim();
    const peer = await hostile({ reads: false });
    await peer.dial(node.address);
    await until(() => node.network.peers.includes(peer.self));
    for (let nth = 0; nth < 100; nth++)
      node.network.publish('transactions', crypto.getRandomValues(new Uint8Array(60_000)));
    await until(() => node.network.figures.dropped > 0);
    await works();
    expect(node.network.peers).toContain(peer.self);
  });

  it('that come under ever new names leave nothing behind', async () => {
    const { node, works } = await victim();
    for (let nth = 0; nth < 15; nth++) {
      const peer = await HostilePeer.start({ topics: nth % 2 === 0 });
      await peer.dial(node.address).catch(() => {});
      await peer.close();
    }
    await until(() => node.network.peers.length === 1);
    await until(async () => (await node.network.known()) <= 1);
    await works();
  });
});

describe('processes', () => {
  it('find each other, and again after one was killed', async () => {
    const genesis = 'cd'.repeat(32);
    const a = await NodeProcess.start({ genesis, bootstrap: [] });
    open.push(a);
    const [address = ''] = a.addresses;
    const b = await NodeProcess.start({ genesis, bootstrap: [address] });
    open.push(b);
    const c = await NodeProcess.start({ genesis, bootstrap: [address, ...b.addresses.slice(0, 1)] });
    open.push(c);
    await until(() => [a, b, c].every(({ peers }) => peers.length === 2));
    await a.kill();
    await until(() => [b, c].every(({ peers }) => peers.length === 1));
    const again = await NodeProcess.start({
      genesis,
      bootstrap: [],
      keyFile: a.keyFile,
      listen: address.replace(/\/p2p\/.*/, ''),
    });
    open.push(again);
    expect(again.self).toBe(a.self);
    await until(() => [again, b, c].every(({ peers }) => peers.length === 2));
    const order = {
      seconds: 1,
      messagesPerSecond: 50,
      messageBytes: 600,
      topic: 'votes',
      asksPerSecond: 2,
    } as const;
    const figures = await Promise.all([again, b, c].map((each) => each.load(order)));
    const sent = figures.reduce((sum, each) => sum + each.sent, 0);
    expect(figures.reduce((sum, { received }) => sum + received, 0)).toBe(2 * sent);
    expect(figures.every(({ asked, answered }) => asked === answered && asked > 0)).toBe(true);
    for (const each of [again, b, c]) expect(each.errors).toBe('');
  });
});
