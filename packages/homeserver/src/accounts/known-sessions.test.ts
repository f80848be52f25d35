import type { DeviceId, UserId } from '@hansa/protocol';
import type { Session } from '@hansa/storage';
import { expect, it } from 'vitest';
import { KnownSessions } from './known-sessions.ts';

const ada: Session = { userId: '@ada:one.example' as UserId, deviceId: 'PHONE' as DeviceId };
const hash = new Uint8Array(32).fill(1);

it('asks for a session once', async () => {
  const sessions = new KnownSessions();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return ada;
  };
  expect(await sessions.find(hash, ask)).toEqual(ada);
  expect(await sessions.find(hash, ask)).toEqual(ada);
  expect(asked).toBe(1);
});

it('knows nothing of a session that has ended', async () => {
  const sessions = new KnownSessions();
  await sessions.find(hash, async () => ada);
  sessions.forget(ada.userId);
  expect(await sessions.find(hash, async () => undefined)).toBeUndefined();
});

it('forgets all sessions of one person, and those of nobody else', async () => {
  const sessions = new KnownSessions();
  const bob: Session = { ...ada, userId: '@bob:one.example' as UserId };
  const hashes = Array.from({ length: 6 }, (_, n) => new Uint8Array(32).fill(n));
  for (const [n, each] of hashes.entries()) {
    await sessions.find(each, async () => (n % 3 === 1 ? bob : ada));
  }
  sessions.forget(ada.userId);
  const left = hashes.map((each) => sessions.find(each, async () => undefined));
  expect(await Promise.all(left)).toEqual(hashes.map((_, n) => (n % 3 === 1 ? bob : undefined)));
});

it('keeps no session that ended while it was read', async () => {
  const sessions = new KnownSessions();
  let answer: (session: Session) => void = () => {};
  const reading = sessions.find(hash, () => new Promise((resolve) => (answer = resolve)));
  sessions.forget(ada.userId);
  answer(ada);
  await reading;
  expect(await sessions.find(hash, async () => undefined)).toBeUndefined();
});
