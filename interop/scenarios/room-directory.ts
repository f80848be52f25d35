import { requireSame, type MatrixClient } from '@hansa/testkit';
import type { Scenario } from './scenario.ts';

const ROOMS = 3;
const MAX_PAGES = 100;

interface Listed {
  readonly room_id: string;
  readonly name?: string;
  readonly topic?: string;
  readonly canonical_alias?: string;
  readonly num_joined_members: number;
  readonly join_rule?: string;
}

interface Page {
  readonly chunk: readonly Listed[];
  readonly next_batch?: string;
}

export const roomDirectory: Scenario = {
  title: "another server's public rooms are listed, searched and paged through",
  async run({ home, host, guest, tag, roomVersion }) {
    const rooms = new Map<string, Listed>();
    for (let n = 1; n <= ROOMS; n += 1) {
      const [name, topic] = [`Square ${n} of ${tag}`, `Stalls ${n}`];
      const room = await host.createRoom({
        preset: 'public_chat',
        visibility: 'public',
        room_alias_name: `square-${n}-${tag}`,
        room_version: roomVersion,
        name,
        topic,
      });
      rooms.set(room, {
        room_id: room,
        name,
        topic,
        canonical_alias: `#square-${n}-${tag}:${home.serverName}`,
        num_joined_members: 1,
        join_rule: 'public',
      });
    }
    const list = await pageThrough((since) => listPage(guest, home.serverName, since));
    requireSame(
      'the rooms of the list',
      describe(list, rooms),
      describe([...rooms.values()], rooms),
    );
    const found = await pageThrough((since) => searchPage(guest, home.serverName, tag, since));
    requireSame(
      'the rooms that were found',
      describe(found, rooms),
      describe([...rooms.values()], rooms),
    );
    requireSame('how many were found', found.length, ROOMS);
    const other = await searchPage(guest, home.serverName, `nothing like ${tag}`);
    requireSame('what nobody has', other.chunk, []);
  },
};

const API = '/_matrix/client/v3/publicRooms';

function listPage(who: MatrixClient, server: string, since?: string): Promise<Page> {
  const query = new URLSearchParams({ server, limit: '2', ...(since && { since }) });
  return who.http.request('GET', `${API}?${query.toString()}`);
}

function searchPage(
  who: MatrixClient,
  server: string,
  term: string,
  since?: string,
): Promise<Page> {
  const filter = { generic_search_term: term };
  const query = new URLSearchParams({ server });
  return who.http.request('POST', `${API}?${query.toString()}`, { limit: 2, since, filter });
}

async function pageThrough(
  ask: (since: string | undefined) => Promise<Page>,
): Promise<readonly Listed[]> {
  const rooms: Listed[] = [];
  let since: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await ask(since);
    rooms.push(...answer.chunk);
    since = answer.next_batch;
    if (since === undefined) return rooms;
  }
  throw new Error(`the directory has no end after ${rooms.length} rooms`);
}

/** What is said of these rooms, in an order of ours; a room that is listed twice is here twice. */
function describe(
  listed: readonly Listed[],
  rooms: ReadonlyMap<string, unknown>,
): readonly string[] {
  return listed
    .filter(({ room_id }) => rooms.has(room_id))
    .map((room) =>
      [
        room.room_id,
        room.name,
        room.topic,
        room.canonical_alias,
        room.num_joined_members,
        room.join_rule,
      ].join(' | '),
    )
    .toSorted();
}
