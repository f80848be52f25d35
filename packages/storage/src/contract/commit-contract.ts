import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getRoomVersion } from '@hansa/protocol';
import type { KeyId, RoomAlias, RoomId, ServerName, UserId } from '@hansa/protocol';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Backend, OpenBackend } from './backend.ts';

const ALICE = '@alice:one.example' as UserId;
const ROOM = '!room:one.example' as RoomId;

function alias(name: string): { alias: RoomAlias; roomId: RoomId; creator: UserId } {
  return { alias: `#${name}:one.example` as RoomAlias, roomId: ROOM, creator: ALICE };
}

/** What `transact` promises. */
export function commitContract(backend: Backend): void {
  describe(`${backend.name}: commits`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
    });
    afterEach(() => open.dispose());

    const namesTaken = async (): Promise<readonly string[]> => {
      const { directory } = open.store.readers;
      const names = ['a', 'b', 'c'];
      const found = await Promise.all(names.map((name) => directory.findAlias(alias(name).alias)));
      return names.filter((_, n) => found[n]?.roomId === ROOM);
    };

    it('is durable when the promise resolves', async () => {
      await open.store.transact((writers) => writers.directory.insertAlias(alias('a')));
      open = await open.reopen();
      expect(await namesTaken()).toEqual(['a']);
    });

    it('has a name of its own, which it keeps', async () => {
      const { incarnation } = open.store;
      expect(incarnation).toMatch(/^[a-z0-9]{8,}$/);
      open = await open.reopen();
      expect(open.store.incarnation).toBe(incarnation);
      const another = await backend.open();
      expect(another.store.incarnation).not.toBe(incarnation);
      await another.dispose();
    });

    it('remembers whose it is', async () => {
      expect(await open.store.readers.owner.find()).toBeUndefined();
      const serverName = 'one.example' as ServerName;
      for (const keyId of ['ed25519:a', 'ed25519:b'] as KeyId[]) {
        const owner = { serverName, keyId, publicKey: `public half of ${keyId}` };
        await open.store.transact((writers) => writers.owner.put(owner));
        open = await open.reopen();
        expect(await open.store.readers.owner.find()).toEqual(owner);
      }
    });

    it('gives the parts of one turn rising positions without gaps', async () => {
      const take = (count: number) =>
        open.store.transact((writers) => {
          for (let n = 0; n < count; n += 1) writers.takePosition();
        });
      const committed = await Promise.all([take(2), take(0), take(3)]);
      expect(committed).toEqual([
        { firstPosition: 1, position: 2 },
        { firstPosition: undefined, position: undefined },
        { firstPosition: 3, position: 5 },
      ]);
      expect(await open.store.readers.position()).toBe(5);
    });

    it('leaves positions free where it is asked to', async () => {
      const committed = await open.store.transact((writers) => {
        expect(writers.takePosition()).toEqual({ index: 0 });
        expect(writers.takePosition(1_000)).toEqual({ index: 1_001 });
      });
      expect(committed).toEqual({ firstPosition: 1, position: 1_002 });
      expect(await open.store.readers.position()).toBe(1_002);
    });

    it('lets a part that fails fail alone', async () => {
      const { store } = open;
      const good = store.transact((writers) => {
        writers.takePosition();
        writers.directory.insertAlias(alias('a'));
      });
      const bad = store.transact((writers) => {
        writers.takePosition();
        writers.directory.insertAlias(alias('b'));
        writers.directory.insertAlias(alias('a'));
      });
      const after = store.transact((writers) => {
        writers.takePosition();
        writers.directory.insertAlias(alias('c'));
      });
      await expect(bad).rejects.toThrow(ConflictError);
      expect(await good).toMatchObject({ position: 1 });
      expect(await after).toMatchObject({ position: 2 });
      expect(await namesTaken()).toEqual(['a', 'c']);
    });

    it('records and runs nothing when recording throws', async () => {
      const transaction = open.store.transact((writers) => {
        writers.directory.insertAlias(alias('a'));
        throw new Error('changed my mind');
      });
      await expect(transaction).rejects.toThrow('changed my mind');
      expect(await namesTaken()).toEqual([]);
    });

    it('refuses parts once it is closed', async () => {
      await open.store.close();
      await expect(open.store.transact(() => {})).rejects.toThrow('closed');
    });

    it('never gives a timeline number twice, across restarts too', async () => {
      const { store } = open;
      const timeline = store.newTimeline();
      await store
        .transact((writers) =>
          writers.states.openTimeline({ timeline, roomId: ROOM, parent: undefined, depth: 0 }),
        )
        .catch(() => undefined);
      await store.transact((writers) => {
        writers.rooms.insertRoom({ roomId: ROOM, rules: getRoomVersion('11') });
        writers.states.openTimeline({
          timeline: store.newTimeline(),
          roomId: ROOM,
          parent: undefined,
          depth: 0,
        });
      });
      open = await open.reopen();
      expect(open.store.newTimeline()).toBe(timeline + 2);
    });
  });
}
