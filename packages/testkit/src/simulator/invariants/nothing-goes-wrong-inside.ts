import type { SimulatedServer } from '../servers/simulated-server.ts';
import { isOutcast, roomsOf } from './rooms-of.ts';
import type { Invariant } from './simulated.ts';

/** What nobody could or would show a server is forgotten after a day, which is reported. */
const FORGOTTEN = / is forgotten: what it needs did not come/;

/** Others being away, told to the operator as they may stay away: what was asked of us is done all the same. */
const OTHERS_AWAY =
  /: no server took the rejection of an invite to |: the join of \S+ was given up: /;

/**
 * No server logs an error: others being away, or wrong, is none. Who was taken out of a room by resolution alone gets no
 * answers there. With a hostile server among them, honest ones may have to give up what it withholds.
 */
export const nothingGoesWrongInside: Invariant = ({ servers, hostile }) =>
  servers.flatMap((server) => {
    const mayForget = hostile !== undefined || hasOutcast(server, servers);
    return server.problems.filter(
      (problem) => !OTHERS_AWAY.test(problem) && !(mayForget && FORGOTTEN.test(problem)),
    );
  });

function hasOutcast(server: SimulatedServer, servers: readonly SimulatedServer[]): boolean {
  const all = servers.flatMap((each) => roomsOf(each));
  return roomsOf(server).some((room) =>
    isOutcast(
      room,
      all.filter(({ roomId }) => roomId === room.roomId),
    ),
  );
}
