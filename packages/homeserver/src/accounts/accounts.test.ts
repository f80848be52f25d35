import type { ServerName } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import { expect, it } from 'vitest';
import { Accounts } from './accounts.ts';

it('remembers no name of a failed login that no account can have', async () => {
  const effects = new VirtualEffects();
  const store = await openSqliteStore(createMemoryDisk());
  const accounts = new Accounts({
    store,
    clock: effects.clock,
    random: effects.random,
    passwords: { hash: async () => 'hash', verify: async () => false },
    serverName: 'harbour.example' as ServerName,
  });
  const logIn = (user: string) =>
    accounts.logIn({ user, password: 'guess', device: {}, remoteAddress: '192.0.2.7' });
  for (let n = 0; n < 5; n += 1) {
    await expect(logIn(`${n}`.repeat(100_000))).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' });
  }
  // They count as one.
  await expect(logIn('@nobody:else.example')).rejects.toMatchObject({
    errcode: 'M_LIMIT_EXCEEDED',
  });
  await expect(logIn('ada')).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' });
  await store.close();
});

it('knows no token of a device that was logged out by a commit whose answer was lost', async () => {
  const effects = new VirtualEffects();
  const store = await openSqliteStore(createMemoryDisk());
  let isAnswerLost = false;
  const accounts = new Accounts({
    store: {
      readers: store.readers,
      transact: async (record) => {
        const committed = await store.transact(record);
        if (isAnswerLost) throw new Error('the connection is gone');
        return committed;
      },
    },
    clock: effects.clock,
    random: effects.random,
    passwords: { hash: async () => 'hash', verify: async () => true },
    serverName: 'harbour.example' as ServerName,
  });
  const userId = await accounts.register({ localpart: 'ada', password: 'a long one' });
  const session = await accounts.openSession(userId, {});
  await accounts.authenticate(session.accessToken);
  isAnswerLost = true;
  await expect(accounts.logOut(session)).rejects.toThrow('the connection is gone');
  await expect(accounts.authenticate(session.accessToken)).rejects.toMatchObject({
    errcode: 'M_UNKNOWN_TOKEN',
  });
  await store.close();
});
