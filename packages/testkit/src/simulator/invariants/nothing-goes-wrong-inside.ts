import type { SimulatedServer } from '../servers/simulated-server.ts';
import { forgottenIn } from './forgotten-events.ts';
import { isDivided } from './is-divided.ts';
import { roomsOf } from './rooms-of.ts';
import { partOf } from './rooms-together.ts';
import type { Invariant, Simulated } from './simulated.ts';

/** Others being away, told to the operator as they may stay away: what was asked of us is done all the same. */
const OTHERS_AWAY =
  /: no server took the rejection of an invite to |: the join of \S+ was given up: /;

/**
 * No server logs an error: others being away, or wrong, is none. Who was taken out of a room by resolution alone gets no
 * answers from others there, nor does who is left there alone. With a hostile server among them, honest ones may have to give up what it withholds.
 */
export const nothingGoesWrongInside: Invariant = (simulated) =>
  simulated.servers.flatMap((server) =>
    server.problems.filter((problem) => {
      if (OTHERS_AWAY.test(problem)) return false;
      const forgotten = forgottenIn(problem);
      if (forgotten === undefined) return true;
      return simulated.hostile === undefined && !hasNobodyToAsk(simulated, server, forgotten);
    }),
  );

function hasNobodyToAsk(simulated: Simulated, server: SimulatedServer, eventId: string): boolean {
  const { servers } = simulated;
  const roomId = servers.map((each) => roomOf(each, eventId)).find((id) => id !== undefined);
  // Not even who made it has it: an invite that was given up before it came.
  if (roomId === undefined) return true;
  const together = servers
    .flatMap((each) => roomsOf(each))
    .filter((room) => room.roomId === roomId);
  if (isDivided(simulated, roomId)) return true;
  const own = together.find((room) => room.server === server);
  return (
    own !== undefined && (together.length === 1 || partOf(own, together).length < together.length)
  );
}

function roomOf({ disk }: SimulatedServer, eventId: string): string | undefined {
  const stored = 'SELECT room_id FROM events e JOIN rooms r ON r.id = e.room WHERE e.event_id = ?';
  const row = disk.first(stored, eventId);
  return row && String(row['room_id']);
}
