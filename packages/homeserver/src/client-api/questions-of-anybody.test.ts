import type { RoomAlias, ServerName, UserId } from '@hansa/protocol';
import { expect, it } from 'vitest';
import { questionsOfAnybody } from './questions-of-anybody.ts';

const SLOW = 'slow.example' as ServerName;
const ALIAS = '#hall:slow.example' as RoomAlias;
const ADA = '@ada:slow.example' as UserId;

it('asks other servers so much at a time for people without an account, and lets so many wait', async () => {
  const pending: (() => void)[] = [];
  let asked = 0;
  const never = async (): Promise<never> => {
    asked += 1;
    await new Promise<void>((answer) => pending.push(answer));
    throw new Error('no answer');
  };
  const questions = questionsOfAnybody({
    queryDirectory: never,
    queryPublicRooms: never,
    queryProfile: never,
  });
  const all = Array.from({ length: 75 }, () => [
    questions.queryDirectory(SLOW, ALIAS),
    questions.queryPublicRooms(SLOW, { limit: 0, since: undefined }),
    questions.queryProfile(SLOW, ADA),
  ]).flat();
  const outcomes = Promise.allSettled(all);
  await expect(all.at(-1)).rejects.toMatchObject({ status: 503, errcode: 'M_LIMIT_EXCEEDED' });
  expect(asked).toBe(20);
  for (let answered = 0; answered < 220; answered += 1) {
    pending.shift()?.();
    await new Promise(setImmediate);
  }
  const refused = (await outcomes).filter(
    ({ status, ...rest }) =>
      status === 'rejected' && (rest as { reason: { status?: number } }).reason.status === 503,
  );
  expect([asked, refused.length]).toEqual([220, 5]);
});
