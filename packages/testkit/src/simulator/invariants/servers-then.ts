import type { SimulatedServer } from '../servers/simulated-server.ts';

/** Servers that were in the room, as this one saw it, when the event took its place there. */
export function serversThen({ disk }: SimulatedServer, eventId: string): readonly string[] {
  const rows = disk.all(
    `SELECT DISTINCT s.server FROM events e JOIN room_servers s ON s.room = e.room
     AND e.pos > s.from_pos AND (s.to_pos IS NULL OR e.pos <= s.to_pos) WHERE e.event_id = ?`,
    eventId,
  );
  return rows.map(({ server }) => String(server));
}
