import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { Invariant } from './simulated.ts';

/** Stage, begun joins and outbox are empty. With a hostile server: but for what is due to it. */
export const nothingIsLeftOver: Invariant = ({ servers, hostile }) =>
  servers.flatMap((server) => leftOvers(server, hostile));

const DUE = `
  SELECT DISTINCT s.server FROM room_servers s
  LEFT JOIN destinations d ON d.server = s.server
  JOIN events e ON e.room = s.room AND e.send = 1 AND e.pos > s.from_pos
    AND e.pos > coalesce(d.cursor, 0) AND e.pos <= coalesce(s.to_pos, e.pos)
  WHERE e.except_to IS NULL OR e.except_to <> s.server
  UNION
  SELECT x.server FROM outbox_extras x LEFT JOIN destinations d ON d.server = x.server
  WHERE x.pos > coalesce(d.cursor, 0)
  UNION
  SELECT server FROM destinations WHERE attempt_id IS NOT NULL`;

/** What a server still has to do, in words. */
export function leftOvers({ name, disk }: SimulatedServer, except?: string): readonly string[] {
  const staged = disk.all('SELECT room_id, event_id, attempts FROM stage');
  const joins = disk.all('SELECT room_id, user_id FROM pending_joins');
  const due = disk.all(DUE);
  return [
    ...staged.map(
      (row) =>
        `${name} has ${row['event_id']} of ${row['room_id']} staged after ${row['attempts']} attempts`,
    ),
    ...joins.map(
      (row) => `${name} has not finished the join of ${row['user_id']} into ${row['room_id']}`,
    ),
    ...due
      .filter((row) => row['server'] !== except)
      .map((row) => `${name} has something to send to ${row['server']}`),
  ];
}
