import { expect, it } from 'vitest';
import { ConnectionShares } from './connection-shares.ts';

/** So many tasks that go on until told, one for each destination of a kind; how many of them began. */
function occupy(shares: ConnectionShares, kind: string, count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  const tasks = Array.from({ length: count }, (_, at) =>
    shares.run(`${kind} ${at}`, async () => {
      begun += 1;
      await promise;
    }),
  );
  const finish = async (): Promise<void> => {
    resolve();
    await Promise.all(tasks);
  };
  return { finish, begun: () => begun };
}

it('keeps the living from standing behind the dead, and behind strangers', async () => {
  const shares = new ConnectionShares();
  shares.note('living', 'answering');
  for (let at = 0; at < 1_000; at += 1) shares.note(`dead ${at}`, 'failing');
  const dead = occupy(shares, 'dead', 1_000);
  const strange = occupy(shares, 'strange', 1_000);
  expect([dead.begun(), strange.begun()]).toEqual([30, 70]);
  expect(await shares.run('living', async () => 'at once')).toBe('at once');
  await Promise.all([dead.finish(), strange.finish()]);
});

it('counts who comes back to the living again', async () => {
  const shares = new ConnectionShares();
  for (let at = 0; at < 30; at += 1) shares.note(`dead ${at}`, 'failing');
  const dead = occupy(shares, 'dead', 30);
  shares.note('back', 'failing');
  let ran = false;
  const waiting = shares.run('back', async () => {
    ran = true;
  });
  expect(ran).toBe(false);
  shares.note('back', 'answering');
  expect(await shares.run('back', async () => 'at once')).toBe('at once');
  await dead.finish();
  await waiting;
});

it('forgets who was not asked for longest', async () => {
  const shares = new ConnectionShares();
  for (let at = 0; at <= 10_000; at += 1) shares.note(`dead ${at}`, 'failing');
  const dead = occupy(shares, 'dead', 31);
  // The first of them counts as unknown again, and leaves its place to the last.
  expect(dead.begun()).toBe(31);
  await dead.finish();
});
