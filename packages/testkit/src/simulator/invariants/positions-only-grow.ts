import { isEmpty, type Row } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';

/** As many as the engine leaves free. */
const POSITIONS_OF_GAP = 1_000_000;

/** Of this connection alone, so that the schema is what the product made it. */
const NOTES = `
  CREATE TEMP TABLE moved (room INTEGER NOT NULL, event TEXT NOT NULL, old INTEGER, new INTEGER);
  CREATE TEMP TRIGGER placed AFTER INSERT ON events WHEN NEW.pos > 0
    BEGIN INSERT INTO moved VALUES (NEW.room, NEW.event_id, NULL, NEW.pos); END;
  CREATE TEMP TRIGGER replaced AFTER UPDATE OF pos ON events WHEN NEW.pos IS NOT OLD.pos
    BEGIN INSERT INTO moved VALUES (NEW.room, NEW.event_id, OLD.pos, NEW.pos); END;
`;

/**
 * Watches every commit: an event is given a position once, and a position of the stream is above all that were committed
 * before; who has read up to there has missed nothing. Backfilled events have positions below zero, or such as were left
 * free before an event that readers are told a gap before.
 */
export function watchPositions(server: SimulatedServer, faults: string[]): void {
  const { disk } = server;
  disk.database.exec(NOTES);
  const highest = (): number => Number(disk.first('SELECT n FROM sequence')?.['n']);
  let last = highest();
  disk.watches.push({
    committed() {
      const position = highest();
      if (position < last)
        faults.push(`${server.name} went back from position ${last} to ${position}`);
      for (const row of disk.all('SELECT * FROM moved')) {
        const { event = '', old = 0, new: given = 0 } = row;
        if (!isEmpty(row, 'old'))
          faults.push(`${server.name} moved ${event} from position ${old} to ${given}`);
        else if (Number(given) > 0 && Number(given) <= last && !isInGap(server, row)) {
          faults.push(`${server.name} gave ${event} position ${given} when ${last} was taken`);
        }
      }
      disk.database.exec('DELETE FROM moved');
      last = position;
    },
  });
}

/** Whether the position was left free before an event of the room that follows a gap: no token ends there. */
function isInGap({ disk }: SimulatedServer, { room, new: given }: Row): boolean {
  const follower = disk.first(
    'SELECT 1 FROM events WHERE room = ? AND claimed = 1 AND pos > ? AND pos < ?',
    Number(room),
    Number(given),
    Number(given) + POSITIONS_OF_GAP,
  );
  return follower !== undefined;
}
