import type { ClientEvent, SyncJoinedRoom } from '@hansa/protocol/wire';
import { RoomPicture, TestWorkspace, type MatrixClient, type SyncQuery } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const WRITERS = 4;
const EVENTS_EACH = 40;

/** Messages, names of the room, and members who come and go, as fast as they are answered. */
async function flood(writer: MatrixClient, roomId: string): Promise<string[]> {
  const sent: string[] = [];
  for (let n = 0; n < EVENTS_EACH; n += 1) {
    if (n % 10 === 4) await writer.leave(roomId);
    else if (n % 10 === 5) await writer.join(roomId);
    else if (n % 4 === 1) sent.push(await writer.setState(roomId, 'm.room.name', { name: `${n}` }));
    else sent.push(await writer.sendText(roomId, `${writer.userId} ${n}`));
  }
  return sent;
}

/** What a client knows of a room that closes every gap in its timeline. */
class Reader {
  readonly timeline: ClientEvent[] = [];
  readonly picture = new RoomPicture();
  readonly #client: MatrixClient;
  readonly #roomId: string;
  #since: string | undefined;

  constructor(client: MatrixClient, roomId: string) {
    this.#client = client;
    this.#roomId = roomId;
  }

  get ids(): readonly string[] {
    return this.timeline.map(({ event_id }) => event_id);
  }

  async follow(query: SyncQuery, isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const answer = await this.#client.sync({ ...query, since: this.#since, timeout: 1_000 });
      const room = answer.rooms?.join?.[this.#roomId];
      if (room !== undefined) await this.#apply(room);
      this.#since = answer.next_batch;
    }
  }

  async #apply(room: SyncJoinedRoom): Promise<void> {
    const { events = [], limited, prev_batch: upTo } = room.timeline ?? {};
    if (limited === true) this.timeline.push(...(await this.#gap(upTo)));
    this.timeline.push(...events);
    this.picture.apply(room);
  }

  async #gap(to: string | undefined): Promise<readonly ClientEvent[]> {
    const missed: ClientEvent[] = [];
    let from = this.#since;
    do {
      const page = await this.#client.messages(this.#roomId, { dir: 'f', from, to, limit: 7 });
      missed.push(...page.chunk);
      from = page.end;
    } while (from !== undefined);
    return missed;
  }
}

describe('a room that others flood', () => {
  it.each([
    ['as state before the timeline', { use_state_after: false }],
    ['as state after it', { use_state_after: true }],
  ])('reaches a slow reader whole, each event once, state %s', async (_what, options) => {
    const [ada, reader] = await workspace.people('ada', 'reader');
    const writers = await workspace.people(...Array.from({ length: WRITERS }, (_, n) => `w${n}`));
    const roomId = await ada.createRoom({
      preset: 'public_chat',
      power_level_content_override: { state_default: 0, events: {} },
    });
    for (const client of [reader, ...writers]) await client.join(roomId);
    const filter = { room: { timeline: { limit: 5 } } };
    const following = new Reader(reader, roomId);
    let sent: readonly string[] | undefined;
    const flooding = async () => {
      const each = await Promise.all(writers.map((writer) => flood(writer, roomId)));
      sent = [...each.flat(), await ada.sendText(roomId, 'the end')];
    };
    const isDone = () => sent !== undefined && following.ids.at(-1) === sent.at(-1);
    await Promise.all([flooding(), following.follow({ ...options, filter }, isDone)]);
    const all = await everything(ada, roomId);
    expect(new Set(following.ids).size).toBe(following.ids.length);
    expect(following.ids).toEqual(all.map(({ event_id }) => event_id));
    expect(new Set(following.ids).isSupersetOf(new Set(sent))).toBe(true);
    for (const event of await ada.state(roomId)) {
      const pictured = following.picture.state(event.type, event.state_key);
      expect(pictured?.event_id).toBe(event.event_id);
    }
  });
});

async function everything(client: MatrixClient, roomId: string): Promise<readonly ClientEvent[]> {
  return (await client.messages(roomId, { dir: 'f', limit: 1000 })).chunk;
}
