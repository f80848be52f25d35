import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MESSAGES = 1_020;
const AT_ONCE = 60;
const WITHOUT_END = 999_999_999_999;

let workspace: TestWorkspace;
let ada: MatrixClient;
let roomId: string;
let now: string;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
  ada = await workspace.register('ada');
  roomId = await ada.createRoom({ preset: 'private_chat' });
  for (let n = 0; n < MESSAGES; n += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, at) => ada.sendText(roomId, `m${n + at}`));
    await Promise.all(some);
  }
  ({ next_batch: now } = await ada.sync());
});
afterAll(() => workspace[Symbol.asyncDispose]());

const room = () => `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
/** A token that was given out, with another position. */
const forged = (position: number) => now.replace(/_-?\d+$/, `_${position}`);
const positions = () => [-WITHOUT_END, -1, 0, 1, Number(now.split('_').at(-1)), WITHOUT_END];

describe('[SEC-34] a limit beyond all measure', () => {
  it('pages no further than a page', async () => {
    for (const dir of ['b', 'f'] as const) {
      const { chunk } = await ada.messages(roomId, { dir, limit: WITHOUT_END });
      expect(chunk).toHaveLength(1_000);
    }
    const filter = { limit: WITHOUT_END };
    expect((await ada.messages(roomId, { dir: 'b', filter })).chunk).toHaveLength(1_000);
  });

  it('shows a timeline of so many events, and so many around one', async () => {
    const filter = { room: { timeline: { limit: WITHOUT_END } } };
    const timeline = (await ada.sync({ filter })).rooms?.join?.[roomId]?.timeline;
    expect(timeline).toMatchObject({ limited: true });
    expect(timeline?.events).toHaveLength(500);
    const middle = encodeURIComponent(timeline?.events[200]?.event_id ?? '');
    const around = await ada.http.request<Record<string, unknown[]>>(
      'GET',
      `${room()}/context/${middle}?limit=${WITHOUT_END}`,
    );
    expect([around['events_before']?.length, around['events_after']?.length]).toEqual([50, 50]);
  });
});

describe('[SEC-34] a token with a position of one’s own choice', () => {
  it('shows nothing of a room to who is not in it', async () => {
    const [bela] = await workspace.people('bela');
    for (const position of positions()) {
      for (const dir of ['b', 'f']) {
        const path = `${room()}/messages?dir=${dir}&from=${forged(position)}&to=${forged(0)}`;
        expect(await bela.http.exchange('GET', path)).toMatchObject({ status: 403 });
      }
      const members = `${room()}/members?at=${forged(position)}`;
      expect(await bela.http.exchange('GET', members)).toMatchObject({ status: 403 });
      const { rooms } = await bela.sync({ since: forged(position) });
      expect(rooms).toBeUndefined();
    }
  });

  it('shows what came after a leave to nobody who left', async () => {
    const [bela] = await workspace.people('bela');
    await ada.invite(roomId, bela.userId);
    await bela.join(roomId);
    await bela.leave(roomId);
    await ada.sendText(roomId, 'behind the back');
    for (const position of positions()) {
      for (const dir of ['b', 'f'] as const) {
        const page = await bela.messages(roomId, { dir, from: forged(position), limit: 1_000 });
        expect(JSON.stringify(page)).not.toContain('behind the back');
      }
      const synced = await bela.sync({ since: forged(position) });
      expect(JSON.stringify(synced)).not.toContain('behind the back');
    }
  });

  it('does no harm to who has it, and what was given out goes on', async () => {
    for (const position of positions()) {
      const { next_batch: next } = await ada.sync({ since: forged(position) });
      expect(next).toMatch(/^h1_/);
    }
    const eventId = await ada.sendText(roomId, 'news');
    const { rooms } = await ada.sync({ since: now });
    const seen = rooms?.join?.[roomId]?.timeline?.events ?? [];
    expect(seen.map(({ event_id: id }) => id)).toContain(eventId);
  });

  it.each(['', 'x', 'h1', 'h1__', 'h2_a_1', 'h1_a_1.5', 'h1_a_1e9', `h1_a_${'9'.repeat(60)}`])(
    'is refused where it is none: %j',
    async (token) => {
      for (const path of [
        `${room()}/messages?dir=b&from=${token}`,
        `/_matrix/client/v3/sync?since=${token}`,
      ]) {
        expect(await ada.http.exchange('GET', path)).toMatchObject({
          status: 400,
          body: { errcode: 'M_INVALID_PARAM' },
        });
      }
    },
  );
});
