import { textOf } from '../world/disk.ts';
import type { Simulated } from './simulated.ts';

type Divided = Pick<Simulated, 'servers' | 'misled'>;

/**
 * Whether servers need not agree about a room: an access list kept one of them out, so that what it says there meanwhile is
 * for nobody, and what others say it cannot ask for; or a hostile one gave it to somebody otherwise than it is.
 */
export function isDivided({ servers, misled }: Divided, roomId: string): boolean {
  if (misled.has(roomId)) return true;
  const names = new Set<string>(servers.map(({ name }) => name));
  return servers.some(({ disk }) =>
    disk
      .all('SELECT json FROM events WHERE room = (SELECT id FROM rooms WHERE room_id = ?)', roomId)
      .map((row) => textOf(row, 'json'))
      .filter((json) => json.includes('m.room.server_acl'))
      .some((json) => deniedBy(json).some((name) => names.has(name))),
  );
}

function deniedBy(json: string): readonly string[] {
  const { type, content } = JSON.parse(json) as {
    readonly type: string;
    readonly content: { readonly deny?: readonly string[] };
  };
  return type === 'm.room.server_acl' ? (content.deny ?? []) : [];
}
