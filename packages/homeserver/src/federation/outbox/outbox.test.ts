import { RemoteServerError } from '@hansa/net';
import { isArray, isObject, member } from '@hansa/protocol';
import type { EventId, ServerName } from '@hansa/protocol';
import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import type { RoomAdvance } from '../../engine/room-engine.ts';
import type { OutgoingTransaction } from '../endpoints/send-transaction.ts';
import { MemoryDestinations, pduNumber } from '../testing/memory-destinations.ts';
import { Outbox } from './outbox.ts';

const OURS = 'ours.test' as ServerName;
const B = 'b.test' as ServerName;
const C = 'c.test' as ServerName;
const HOUR = 3_600_000;

type Reply = ReadonlyMap<EventId, string> | Error | Promise<ReadonlyMap<EventId, string>>;

/** The other side: what arrived where, and what it answers. */
class Peers {
  readonly arrived: { readonly server: ServerName; readonly transaction: OutgoingTransaction }[] =
    [];
  reply: (server: ServerName) => Reply = () => new Map();

  readonly send = async (
    server: ServerName,
    transaction: OutgoingTransaction,
    signal: AbortSignal,
  ) => {
    this.arrived.push({ server, transaction });
    const reply = await Promise.race([this.reply(server), aborted(signal)]);
    if (reply instanceof Error) throw reply;
    return reply;
  };

  /** Numbers of the events that came, transaction by transaction. */
  numbers(to: ServerName): number[][] {
    return this.arrived
      .filter(({ server }) => server === to)
      .map(({ transaction }) => numbersOf(transaction));
  }

  ids(): string[] {
    return this.arrived.map(({ transaction }) => transaction.transactionId);
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason as Error);
  signal.addEventListener('abort', () => reject(signal.reason as Error));
  return await promise;
}

function numbersOf({ content }: OutgoingTransaction): number[] {
  const pdus = member(content, 'pdus');
  if (!isArray(pdus)) throw new Error('no pdus');
  return pdus.map((pdu) => {
    const inner = isObject(pdu) ? member(pdu, 'content') : undefined;
    return Number(isObject(inner) ? member(inner, 'number') : undefined);
  });
}

const down = (server: ServerName) =>
  new RemoteServerError('down', { server, reachable: false, transient: true });

function setUp(disk = new MemoryDestinations(), effects = new VirtualEffects()) {
  const peers = new Peers();
  const listeners = new Set<(advance: RoomAdvance) => void>();
  const { store, kill } = disk.open();
  const outbox = new Outbox({
    serverName: OURS,
    store,
    send: peers.send,
    effects,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    advances: {
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  });
  const advance = (...destinations: readonly ServerName[]): void => {
    const position = disk.addEvent(...destinations);
    for (const listener of listeners) {
      listener({
        roomId: '!r:ours.test' as RoomAdvance['roomId'],
        position,
        users: [],
        destinations,
      });
    }
  };
  /** Lets what can happen now happen. */
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await effects.advance(0);
  };
  return { disk, effects, peers, outbox, kill, advance, settle };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('the outbox', () => {
  it('brings events in order, at most fifty in a transaction, one transaction at a time', async () => {
    const { disk, effects, peers, outbox, settle } = setUp();
    for (let event = 0; event < 120; event += 1) disk.addEvent(B);
    let underWay = 0;
    peers.reply = async () => {
      underWay += 1;
      expect(underWay).toBe(1);
      await Promise.resolve();
      underWay -= 1;
      return new Map();
    };
    await outbox.start();
    await settle();
    expect(peers.numbers(B).map((numbers) => numbers.length)).toEqual([50, 50, 20]);
    expect(peers.numbers(B).flat()).toEqual(upTo(120));
    expect(new Set(peers.ids()).size).toBe(3);
    await effects.advance(1_000);
    expect(disk.rows.get(B)).toMatchObject({ cursor: 120, attempt: undefined });
  });

  it('is woken by rooms, and sends to each server what is its', async () => {
    const { peers, outbox, advance, settle } = setUp();
    await outbox.start();
    advance(B);
    advance(B, C);
    await settle();
    advance(C);
    await settle();
    expect([peers.numbers(B).flat(), peers.numbers(C).flat()]).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it('sends what came while a transaction was under way', async () => {
    const { peers, outbox, advance, settle } = setUp();
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<EventId, string>>();
    peers.reply = () => promise;
    await outbox.start();
    advance(B);
    await settle();
    advance(B);
    advance(B);
    await settle();
    expect(peers.numbers(B)).toEqual([[1]]);
    resolve(new Map());
    await settle();
    expect(peers.numbers(B)).toEqual([[1], [2, 3]]);
  });

  it('sends the very same transaction again until it is taken, at growing intervals', async () => {
    const { effects, peers, outbox, advance, settle } = setUp();
    peers.reply = down;
    await outbox.start();
    advance(B);
    await settle();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 14; attempt += 1) {
      advance(B);
      waits.push(effects.nextTimerMs ?? 0);
      await effects.advance(effects.nextTimerMs ?? 0);
      await settle();
    }
    expect(peers.arrived).toHaveLength(15);
    expect(new Set(peers.arrived.map((each) => JSON.stringify(each)))).toHaveProperty('size', 1);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(HOUR);
    peers.reply = () => new Map();
    await effects.advance(HOUR);
    await settle();
    expect(peers.numbers(B).slice(-2)).toEqual([[1], upTo(15).slice(1)]);
  });

  it('loses nothing while the other side is down, however often we are started again', async () => {
    const disk = new MemoryDestinations();
    const effects = new VirtualEffects();
    const taken = new Map<string, number[]>();
    for (let run = 0; run < 6; run += 1) {
      const { peers, outbox, kill, advance, settle } = setUp(disk, effects);
      peers.reply = run < 5 ? down : () => new Map();
      await outbox.start();
      advance(B);
      await effects.advance(HOUR);
      await settle();
      if (run < 5) kill();
      else
        for (const { transaction } of peers.arrived)
          taken.set(transaction.transactionId, numbersOf(transaction));
    }
    expect([...taken.values()].flat()).toEqual(upTo(6));
  });

  it('keeps its back-off over a restart', async () => {
    const first = setUp();
    first.peers.reply = down;
    await first.outbox.start();
    first.advance(B);
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await first.settle();
      await first.effects.advance(first.effects.nextTimerMs ?? 0);
    }
    await first.settle();
    const { retryAt = 0, failures = 0 } = first.disk.rows.get(B) ?? {};
    expect(failures).toBe(9);
    await first.outbox.stop();
    const second = setUp(first.disk, new VirtualEffects({ now: retryAt - 10_000 }));
    await second.outbox.start();
    await second.effects.advance(9_999);
    expect(second.peers.arrived).toEqual([]);
    await second.effects.advance(1);
    await second.settle();
    expect(second.peers.numbers(B)).toEqual([[1]]);
  });

  it('killed between the acknowledgement and the cursor, sends the same events again', async () => {
    const first = setUp();
    await first.outbox.start();
    first.peers.reply = () => {
      // The peer has taken it; of that nothing reaches our disk any more.
      first.kill();
      return new Map();
    };
    first.advance(B);
    await first.settle();
    const second = setUp(first.disk, new VirtualEffects({ seed: 2 }));
    second.disk.addEvent(B);
    await second.outbox.start();
    await second.settle();
    expect([first.peers.numbers(B), second.peers.numbers(B)]).toEqual([[[1]], [[1, 2]]]);
    // A server may know what it answered by the id alone.
    expect(second.peers.ids()).not.toEqual(first.peers.ids());
  });

  it('stores nothing of a transaction that is under way, and again what it was stopped in', async () => {
    const first = setUp();
    for (let event = 0; event < 60; event += 1) first.disk.addEvent(B);
    first.peers.reply = () => (first.peers.arrived.length < 2 ? new Map() : new Promise(() => {}));
    await first.outbox.start();
    await first.settle();
    await first.effects.advance(1_000);
    expect(first.disk.rows.get(B)).toMatchObject({ cursor: 50, attempt: undefined });
    await first.outbox.stop();
    expect(first.disk.rows.get(B)).toMatchObject({ cursor: 50, attempt: { upTo: 60 } });
    const second = setUp(first.disk, new VirtualEffects({ seed: 2 }));
    await second.outbox.start();
    await second.settle();
    expect(second.peers.arrived[0]).toEqual(first.peers.arrived[1]);
  });

  it('stores what servers have taken together, after a second, or when it stops', async () => {
    const { disk, effects, outbox, advance, settle } = setUp();
    const cursors = () => [B, C].map((server) => disk.rows.get(server)?.cursor);
    await outbox.start();
    advance(B);
    advance(B, C);
    await settle();
    await effects.advance(999);
    expect(cursors()).toEqual([undefined, undefined]);
    await effects.advance(1);
    expect(cursors()).toEqual([2, 2]);
    advance(B);
    await settle();
    await outbox.stop();
    expect(cursors()).toEqual([3, 2]);
  });

  it('knows what was taken before that is stored', async () => {
    const { peers, outbox, advance, settle } = setUp();
    await outbox.start();
    for (let event = 0; event < 3; event += 1) {
      advance(B);
      await settle();
    }
    expect(peers.numbers(B)).toEqual([[1], [2], [3]]);
  });

  it('stores later what could not be stored', async () => {
    const { disk, effects, outbox, advance, settle } = setUp();
    await outbox.start();
    advance(B);
    await settle();
    disk.onPut = () => {
      throw new Error('the disk is full');
    };
    await effects.advance(1_000);
    expect(disk.rows.size).toBe(0);
    disk.onPut = () => {};
    await effects.advance(1_000);
    expect(disk.rows.get(B)).toMatchObject({ cursor: 1, attempt: undefined });
  });

  it('stops where nothing can be stored, and leaves no timer behind', async () => {
    const { disk, effects, outbox, advance, settle } = setUp();
    await outbox.start();
    advance(B);
    await settle();
    disk.onPut = () => {
      throw new Error('the disk is gone');
    };
    await outbox.stop();
    expect(effects.nextTimerMs).toBeUndefined();
  });

  it('lets a dead server delay no other', async () => {
    const { peers, outbox, advance, settle } = setUp();
    const dead = Array.from({ length: 40 }, (_, index) => `dead${index}.test` as ServerName);
    peers.reply = (server) => (server === B ? new Map() : new Promise(() => {}));
    await outbox.start();
    advance(...dead, B);
    await settle();
    advance(B);
    await settle();
    expect(peers.numbers(B)).toEqual([[1], [2]]);
  });

  it('tries at most fifty servers at a time that it does not know', async () => {
    const { peers, outbox, advance, settle } = setUp();
    const strange = Array.from({ length: 80 }, (_, index) => `s${index}.test` as ServerName);
    await outbox.start();
    advance(B);
    await settle();
    peers.reply = (server) => (server === B ? new Map() : new Promise(() => {}));
    advance(...strange, B);
    await settle();
    expect(new Set(peers.arrived.map(({ server }) => server)).size).toBe(51);
    expect(peers.numbers(B)).toEqual([[1], [2]]);
    await outbox.stop();
  });

  it('tries at most ten failing servers at a time', async () => {
    const { effects, peers, outbox, advance, settle } = setUp();
    const dead = Array.from({ length: 40 }, (_, index) => `dead${index}.test` as ServerName);
    peers.reply = down;
    await outbox.start();
    advance(...dead);
    await settle();
    peers.arrived.length = 0;
    peers.reply = () => new Promise(() => {});
    await effects.advance(HOUR);
    await settle();
    expect(peers.arrived).toHaveLength(10);
    await outbox.stop();
  });

  it('notes what a server refuses, and goes on', async () => {
    const { disk, effects, peers, outbox, advance, settle } = setUp();
    peers.reply = () => new Map([[pduNumber(2).eventId, 'no']]);
    disk.addEvent(B);
    disk.addEvent(B);
    await outbox.start();
    await settle();
    advance(B);
    await settle();
    await effects.advance(1_000);
    expect(disk.refusals).toMatchObject([{ server: B, position: 2, error: 'no' }]);
    expect(disk.rows.get(B)?.cursor).toBe(3);
  });

  it('tries at once when the server is heard of, but only once a back-off', async () => {
    const { effects, peers, outbox, advance, settle } = setUp();
    peers.reply = down;
    await outbox.start();
    advance(B);
    await settle();
    for (let times = 0; times < 5; times += 1) {
      outbox.wake(B);
      await settle();
    }
    expect(peers.arrived).toHaveLength(2);
    await effects.advance(effects.nextTimerMs ?? 0);
    await settle();
    outbox.wake(B);
    await settle();
    expect(peers.arrived).toHaveLength(4);
  });

  it('forgets no server that is heard of while its back-off is being stored', async () => {
    const { disk, effects, peers, outbox, advance, settle } = setUp();
    peers.reply = down;
    disk.onPut = ({ failures }) => {
      if (failures === 0) return;
      peers.reply = () => new Map();
      outbox.wake(B);
    };
    await outbox.start();
    advance(B);
    await settle();
    expect(peers.numbers(B)).toEqual([[1], [1]]);
    await effects.advance(1_000);
    expect(disk.rows.get(B)).toMatchObject({ cursor: 1, attempt: undefined, failures: 0 });
  });

  it('stops without waiting for an answer, and takes up there next time', async () => {
    const first = setUp();
    first.peers.reply = () => new Promise(() => {});
    await first.outbox.start();
    first.advance(B);
    await first.settle();
    await first.outbox.stop();
    first.advance(B);
    await first.settle();
    expect(first.peers.arrived).toHaveLength(1);
    expect(first.disk.rows.get(B)).toMatchObject({ failures: 0 });
    const second = setUp(first.disk);
    await second.outbox.start();
    await second.settle();
    expect(second.peers.arrived[0]).toEqual(first.peers.arrived[0]);
    expect(second.peers.numbers(B)).toEqual([[1], [2]]);
  });
});

describe('the start of the outbox', () => {
  it('greets each server of our rooms to which nothing is due, by an empty transaction', async () => {
    const { disk, effects, peers, outbox, settle } = setUp();
    disk.inRooms = [B, C];
    disk.addEvent(B);
    await outbox.start();
    await settle();
    await effects.advance(1_000);
    await settle();
    expect([peers.numbers(B), peers.numbers(C)]).toEqual([[[1]], [[]]]);
    expect(disk.rows.has(C)).toBe(false);
  });

  it('leaves those alone that failed before, until their time has come', async () => {
    const { disk, effects, peers, outbox, settle } = setUp();
    disk.inRooms = [B];
    const attempt = { transactionId: '1-x', upTo: disk.addEvent(B) };
    const retryAt = effects.clock.now() + HOUR;
    disk.rows.set(B, { server: B, cursor: 0, attempt, failures: 9, retryAt });
    await outbox.start();
    await settle();
    await effects.advance(HOUR - 1);
    expect(peers.arrived).toEqual([]);
    await outbox.stop();
  });

  it('does without those that cannot be greeted: nothing is stored or tried again', async () => {
    const { disk, effects, peers, outbox, advance, settle } = setUp();
    disk.inRooms = [B];
    peers.reply = down;
    await outbox.start();
    await settle();
    await effects.advance(HOUR);
    expect(peers.numbers(B)).toEqual([[]]);
    expect(disk.rows.size).toBe(0);
    peers.reply = () => new Map();
    advance(B);
    await settle();
    expect(peers.numbers(B)).toEqual([[], [1]]);
  });

  it('sends what comes meanwhile once the greeting was answered', async () => {
    const { disk, effects, peers, outbox, advance, settle } = setUp();
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<EventId, string>>();
    disk.inRooms = [B];
    peers.reply = () => promise;
    await outbox.start();
    await settle();
    await effects.advance(1_000);
    advance(B);
    await settle();
    expect(peers.numbers(B)).toEqual([[]]);
    resolve(new Map());
    await settle();
    expect(peers.numbers(B)).toEqual([[], [1]]);
  });

  it('gives them time to note that we were away before it greets them', async () => {
    const { disk, effects, peers, outbox, settle } = setUp();
    disk.inRooms = [B];
    await outbox.start();
    await settle();
    await effects.advance(249);
    expect(peers.arrived).toEqual([]);
    await effects.advance(501);
    expect(peers.numbers(B)).toEqual([[]]);
  });

  it('greets at most ten at a time, and not all in one moment', async () => {
    const { disk, effects, peers, outbox, settle } = setUp();
    disk.inRooms = Array.from({ length: 40 }, (_, index) => `s${index}.test` as ServerName);
    await outbox.start();
    await settle();
    await effects.advance(400);
    expect(peers.arrived.length).toBeGreaterThan(0);
    expect(peers.arrived.length).toBeLessThan(10);
    peers.reply = () => new Promise(() => {});
    peers.arrived.length = 0;
    await effects.advance(HOUR);
    await settle();
    expect(peers.arrived).toHaveLength(10);
    await outbox.stop();
    await effects.advance(HOUR);
    expect(peers.arrived).toHaveLength(10);
  });
});

describe('EDUs', () => {
  const edu = (key: string, text = key, worthForMs?: number) => ({
    key,
    edu: { edu_type: 'm.test', content: { text } },
    worthForMs,
  });
  const textsOf = ({ content }: OutgoingTransaction) =>
    (member(content, 'edus') as { content: { text: string } }[] | undefined)?.map(
      ({ content: { text } }) => text,
    );
  const textsTo = (peers: Peers) => peers.arrived.map(({ transaction }) => textsOf(transaction));

  it('go behind the events, at most a hundred at a time, the latest of each kind', async () => {
    const { disk, peers, outbox, settle } = setUp();
    disk.addEvent(B);
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<EventId, string>>();
    peers.reply = () => promise;
    outbox.sendEdu([B], edu('k0', 'old'));
    await settle();
    for (let number = 0; number < 101; number += 1) outbox.sendEdu([B], edu(`k${number}`));
    peers.reply = () => new Map();
    resolve(new Map());
    await settle();
    expect(peers.numbers(B)).toEqual([[1], [], []]);
    const expected = Array.from({ length: 101 }, (_, number) => `k${number}`);
    expect(textsTo(peers)).toEqual([undefined, expected.slice(0, 100), expected.slice(100)]);
  });

  it('wait for a server that is down as long as they are worth it, and end its back-off', async () => {
    const { disk, effects, peers, outbox, settle } = setUp();
    peers.reply = down;
    outbox.sendEdu([B], edu('typing', 'typing', 1_000));
    outbox.sendEdu([B], edu('receipt'));
    await settle();
    expect(textsTo(peers)).toEqual([['typing', 'receipt']]);
    expect(disk.rows.get(B)?.failures).toBe(1);
    peers.reply = () => new Map();
    await effects.advance(HOUR);
    await settle();
    expect(textsTo(peers)).toEqual([['typing', 'receipt'], ['receipt']]);
    expect(disk.rows.get(B)).toMatchObject({ failures: 0, retryAt: undefined });
    expect(new Set(peers.ids()).size).toBe(2);
  });

  it('that come while others are under way are sent then, also those of the same kind', async () => {
    const { peers, outbox, settle } = setUp();
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<EventId, string>>();
    peers.reply = () => promise;
    outbox.sendEdu([B], edu('k', 'first'));
    await settle();
    outbox.sendEdu([B], edu('k', 'second'));
    resolve(new Map());
    await settle();
    expect(textsTo(peers)).toEqual([['first'], ['second']]);
  });

  it('are bounded where nobody takes them', async () => {
    const { peers, outbox, settle } = setUp();
    peers.reply = down;
    for (let number = 0; number < 1_001; number += 1) outbox.sendEdu([B], edu(`k${number}`));
    await settle();
    expect(textsTo(peers)[0]?.[0]).toBe('k1');
  });
});
