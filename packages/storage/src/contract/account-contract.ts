import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceId, KeyId, RoomAlias, RoomId, ServerName, UserId } from '@hansa/protocol';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Backend, OpenBackend } from './backend.ts';

const ALICE = '@alice:one.example' as UserId;
const BOB = '@bob:one.example' as UserId;
const CARL = '@carl:one.example' as UserId;
const PHONE = 'PHONE' as DeviceId;
const LAPTOP = 'LAPTOP' as DeviceId;

/** Accounts, the room directory and the keys of other servers. */
export function accountContract(backend: Backend): void {
  describe(`${backend.name}: accounts, directory, keys`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
    });
    afterEach(() => open.dispose());

    it('keeps an account as it was given, and no second one of its name', async () => {
      const account = {
        userId: ALICE,
        passwordHash: '$argon2id$…',
        admin: true,
        createdAt: 5,
        deactivatedAt: undefined,
      };
      const insert = () =>
        open.store.transact((writers) => writers.accounts.insertAccount(account));
      await insert();
      await expect(insert()).rejects.toThrow(ConflictError);
      expect(await open.store.readers.accounts.findAccount(ALICE)).toEqual(account);
      expect(await open.store.readers.accounts.findAccount(BOB)).toBeUndefined();
    });

    it('tells whether there is an admin, who is not deactivated', async () => {
      const { readers } = open.store;
      const insert = (userId: typeof ALICE, admin: boolean, deactivatedAt?: number) =>
        open.store.transact(({ accounts }) =>
          accounts.insertAccount({
            userId,
            passwordHash: undefined,
            admin,
            createdAt: 5,
            deactivatedAt,
          }),
        );
      const seen = [await readers.accounts.hasAdmin()];
      await insert(ALICE, true, 6);
      await insert(BOB, false);
      seen.push(await readers.accounts.hasAdmin());
      await insert(CARL, true);
      seen.push(await readers.accounts.hasAdmin());
      expect(seen).toEqual([false, false, true]);
    });

    it('replaces profiles, and keeps absent fields absent', async () => {
      const { readers } = open.store;
      const set = (displayName?: string, avatarUrl?: string) =>
        open.store.transact((w) => w.accounts.setProfile(ALICE, { displayName, avatarUrl }));
      await set('Alice', 'mxc://one.example/a');
      await set('Alice A.', undefined);
      expect(await readers.accounts.findProfile(ALICE)).toEqual({
        displayName: 'Alice A.',
        avatarUrl: undefined,
      });
      expect(await readers.accounts.findProfile(BOB)).toBeUndefined();
    });

    it('keeps every text as it was given, and in the order of its characters', async () => {
      const displayName = 'a\u0000b\u0001c\u0001\u0001\u0002\u{1f600}';
      const { store } = open;
      await store.transact((w) =>
        w.accounts.setProfile(ALICE, { displayName, avatarUrl: undefined }),
      );
      expect(await store.readers.accounts.findProfile(ALICE)).toMatchObject({ displayName });
      const rooms = ['!A', '!a', '!a\u0000', '!a\u0001', '!a\u0001a', '!a\u0002', '!á'] as RoomId[];
      await store.transact(({ directory }) => {
        for (const room of rooms.toReversed()) directory.setPublished(room, true);
      });
      expect(await store.readers.directory.listPublished({ limit: 10 })).toEqual(rooms);
    });

    it('ends the sessions of a device that is replaced or deleted, and of no other', async () => {
      const { store } = open;
      const login = (deviceId: DeviceId, token: number) =>
        store.transact(({ accounts }) => {
          accounts.putDevice({ userId: ALICE, deviceId, displayName: undefined, createdAt: token });
          accounts.insertSession({
            userId: ALICE,
            deviceId,
            tokenHash: Uint8Array.of(token),
            createdAt: token,
          });
        });
      const isOpen = async (token: number) =>
        (await store.readers.accounts.findSession(Uint8Array.of(token))) !== undefined;
      await login(PHONE, 1);
      await login(LAPTOP, 2);
      await login(PHONE, 3);
      expect([await isOpen(1), await isOpen(2), await isOpen(3)]).toEqual([false, true, true]);
      await store.transact((writers) => writers.accounts.deleteDevice(ALICE, LAPTOP));
      expect([await isOpen(2), await isOpen(3)]).toEqual([false, true]);
      expect(await store.readers.accounts.listDevices(ALICE)).toMatchObject([{ deviceId: PHONE }]);
      await store.transact((writers) => writers.accounts.deleteAllDevices(ALICE));
      expect(await store.readers.accounts.listDevices(ALICE)).toEqual([]);
      expect(await isOpen(3)).toBe(false);
    });

    it('renames a device that there is, and keeps its session', async () => {
      const { store } = open;
      const createdAt = 7;
      const phone = { userId: ALICE, deviceId: PHONE, createdAt };
      await store.transact(({ accounts }) => {
        accounts.putDevice({ ...phone, displayName: undefined });
        accounts.insertSession({ ...phone, tokenHash: Uint8Array.of(9) });
      });
      await store.transact(({ accounts }) => {
        accounts.renameDevice(ALICE, PHONE, 'Pocket');
        accounts.renameDevice(BOB, PHONE, 'Not there');
      });
      const { accounts } = store.readers;
      expect(await accounts.findDevice(ALICE, PHONE)).toEqual({ ...phone, displayName: 'Pocket' });
      expect(await accounts.findSession(Uint8Array.of(9))).toMatchObject({ deviceId: PHONE });
      expect(await accounts.findDevice(BOB, PHONE)).toBeUndefined();
      expect(await accounts.findDevice(ALICE, LAPTOP)).toBeUndefined();
    });

    it('takes the same filter twice', async () => {
      for (const _ of [1, 2]) {
        await open.store.transact((writers) => writers.accounts.putFilter(ALICE, 'f', '{}'));
      }
      expect(await open.store.readers.accounts.findFilter(ALICE, 'f')).toBe('{}');
      expect(await open.store.readers.accounts.findFilter(BOB, 'f')).toBeUndefined();
    });

    it('lists aliases and published rooms, in pages', async () => {
      const { store } = open;
      const rooms = ['!a:x', '!b:x', '!c:x'] as RoomId[];
      const alias = '#a:one.example' as RoomAlias;
      await store.transact(({ directory }) => {
        directory.insertAlias({ alias, roomId: '!a:x' as RoomId, creator: ALICE });
        for (const room of rooms) directory.setPublished(room, true);
      });
      const { directory } = store.readers;
      expect(await directory.isPublished('!a:x' as RoomId)).toBe(true);
      expect(await directory.isPublished('!d:x' as RoomId)).toBe(false);
      expect(await store.readers.directory.findAlias(alias)).toMatchObject({ roomId: '!a:x' });
      expect(await store.readers.directory.listPublished({ limit: 2 })).toEqual(['!a:x', '!b:x']);
      const rest = { after: '!b:x' as RoomId, limit: 2 };
      expect(await store.readers.directory.listPublished(rest)).toEqual(['!c:x']);
      await store.transact(({ directory }) => directory.setPublished('!a:x' as RoomId, false));
      expect(await store.readers.directory.listPublished({ limit: 3 })).toEqual(['!b:x', '!c:x']);
    });

    it('gives an alias to one room alone, until it is taken away there', async () => {
      const { store } = open;
      const [a, b] = ['!a:x', '!b:x'] as RoomId[] as [RoomId, RoomId];
      const [one, two] = ['#1:one.example', '#2:one.example'] as [RoomAlias, RoomAlias];
      const insert = (alias: RoomAlias, roomId: RoomId) =>
        store.transact(({ directory }) => directory.insertAlias({ alias, roomId, creator: ALICE }));
      await insert(two, a);
      await insert(one, a);
      await expect(insert(one, b)).rejects.toThrow(ConflictError);
      expect(await store.readers.directory.listAliases(a, 9)).toEqual([one, two]);
      expect(await store.readers.directory.listAliases(a, 1)).toEqual([one]);
      await store.transact(({ directory }) => directory.deleteAlias({ alias: one, roomId: b }));
      expect(await store.readers.directory.findAlias(one)).toMatchObject({ roomId: a });
      await store.transact(({ directory }) => directory.deleteAlias({ alias: one, roomId: a }));
      expect(await store.readers.directory.listAliases(a, 9)).toEqual([two]);
      await insert(one, b);
    });

    it('moves what leads to a room to another', async () => {
      const { store } = open;
      const [a, b, c] = ['!a:x', '!b:x', '!c:x'] as RoomId[] as [RoomId, RoomId, RoomId];
      const [one, two] = ['#1:one.example', '#2:one.example'] as [RoomAlias, RoomAlias];
      await store.transact(({ directory }) => {
        directory.insertAlias({ alias: one, roomId: a, creator: ALICE });
        directory.insertAlias({ alias: two, roomId: c, creator: ALICE });
        directory.setPublished(a, true);
      });
      await store.transact(({ directory }) => directory.moveRoom(a, b));
      const { directory } = store.readers;
      expect(await directory.findAlias(one)).toEqual({ alias: one, roomId: b, creator: ALICE });
      expect(await directory.findAlias(two)).toMatchObject({ roomId: c });
      expect(await directory.listPublished({ limit: 9 })).toEqual([b]);
    });

    it('keeps the latest of each key', async () => {
      const remote = 'two.example' as ServerName;
      const remoteKey = (validUntilTs: number, expiredTs?: number) => ({
        server: remote,
        keyId: 'ed25519:1' as KeyId,
        publicKey: 'AAAA',
        validUntilTs,
        expiredTs,
        fetchedAt: 1,
      });
      await open.store.transact((writers) => writers.keys.putKeys([remoteKey(10)]));
      await open.store.transact((writers) => writers.keys.putKeys([remoteKey(20, 15)]));
      expect(await open.store.readers.keys.listKeys(remote)).toEqual([remoteKey(20, 15)]);
    });

    it('keeps what a server said of its keys, the latest of 10,000 servers', async () => {
      const { store } = open;
      const name = (at: number) => `${at}.example` as ServerName;
      const said = (at: number, validUntilTs = at) => {
        const document = { server_name: name(at), valid_until_ts: validUntilTs };
        return { server: name(at), document, validUntilTs, fetchedAt: at };
      };
      await store.transact(({ keys }) => {
        for (let at = 1; at <= 10_002; at += 1) keys.putKeyDocument(said(at));
        keys.putKeyDocument(said(10_002, 20_000));
      });
      const found = [1, 2, 3, 10_002].map((at) => store.readers.keys.findKeyDocument(name(at)));
      expect(await Promise.all(found)).toEqual([
        undefined,
        undefined,
        said(3),
        said(10_002, 20_000),
      ]);
    });

    it('keeps what others told of the keys of a server, with who did, the latest of 10,000 servers', async () => {
      const { store } = open;
      const name = (at: number) => `${at}.example` as ServerName;
      const told = (at: number, notary = 'notary.example') => ({
        server: name(at),
        notary: notary as ServerName,
        document: { server_name: name(at) },
        fetchedAt: at,
      });
      await store.transact(({ keys }) => {
        for (let at = 1; at <= 10_001; at += 1) keys.putNotarisedKeys(told(at));
        keys.putNotarisedKeys(told(10_001, 'other.example'));
        keys.deleteNotarisedKeys(name(3));
      });
      const found = [1, 2, 3, 10_001].map((at) => store.readers.keys.findNotarisedKeys(name(at)));
      const latest = told(10_001, 'other.example');
      expect(await Promise.all(found)).toEqual([undefined, told(2), undefined, latest]);
    });

    it('keeps when to ask a server for its keys again', async () => {
      const { store } = open;
      const server = 'two.example' as ServerName;
      const put = (count: number, retryAt: number) =>
        store.transact(({ keys }) => keys.putKeyFailure({ server, count, retryAt }));
      const find = () => store.readers.keys.findKeyFailure(server);
      expect(await find()).toBeUndefined();
      await put(1, 100);
      await put(2, 300);
      expect(await find()).toEqual({ server, count: 2, retryAt: 300 });
      await store.transact(({ keys }) => keys.deleteKeyFailure('one.example' as ServerName));
      expect(await find()).toBeDefined();
      await store.transact(({ keys }) => keys.deleteKeyFailure(server));
      expect(await find()).toBeUndefined();
    });

    it('keeps that of 10,000 servers, those that are due last', async () => {
      const { store } = open;
      const name = (at: number) => `${at}.example` as ServerName;
      await store.transact(({ keys }) => {
        for (let at = 1; at <= 10_002; at += 1) {
          keys.putKeyFailure({ server: name(at), count: 1, retryAt: at });
        }
      });
      const found = [1, 2, 3, 10_002].map((at) => store.readers.keys.findKeyFailure(name(at)));
      const kept = (await Promise.all(found)).map((failure) => failure !== undefined);
      expect(kept).toEqual([false, false, true, true]);
    });
  });
}
