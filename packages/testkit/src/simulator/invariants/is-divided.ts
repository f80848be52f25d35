import type { SimulatedServer } from '../servers/simulated-server.ts';
import { textOf } from '../world/disk.ts';

/**
 * Whether an access list ever kept one of these servers out of a room: what it says there meanwhile is for nobody, and what
 * others say it cannot ask for.
 */
export function isDivided(servers: readonly SimulatedServer[], roomId: string): boolean {
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
