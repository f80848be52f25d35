import { RemoteServerError, type Timers } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { FederationPort } from '../federation-port.ts';

/** Questions that bring events which we lack. */
export type GapQuestions = Pick<
  FederationPort,
  'backfill' | 'event' | 'getMissingEvents' | 'state' | 'stateIds'
>;

export interface TimedQuestions extends Disposable {
  readonly federation: GapQuestions;
}

/**
 * The same questions, all of which together may take so long: what is asked or still unanswered after that fails.
 * A server that answers slowly, or a great many small questions, then holds up its own events and no other's.
 */
export function answerInTime(
  federation: GapQuestions,
  timers: Pick<Timers, 'after'>,
  limitMs: number,
): TimedQuestions {
  const { promise: over, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when the time is up.
  over.catch(() => {});
  let isOver = false;
  const cancel = timers.after(limitMs, () => {
    isOver = true;
    reject(new Error('the time for this gap is up'));
  });
  const within = async <T>(server: ServerName, ask: () => Promise<T>): Promise<T> => {
    if (isOver) throw tooSlow(server);
    return Promise.race([ask(), over.catch(() => Promise.reject(tooSlow(server)))]);
  };
  return {
    federation: {
      backfill: (server, roomId, from, limit) =>
        within(server, () => federation.backfill(server, roomId, from, limit)),
      event: (server, eventId) => within(server, () => federation.event(server, eventId)),
      getMissingEvents: (server, query) =>
        within(server, () => federation.getMissingEvents(server, query)),
      state: (server, roomId, eventId) =>
        within(server, () => federation.state(server, roomId, eventId)),
      stateIds: (server, roomId, eventId) =>
        within(server, () => federation.stateIds(server, roomId, eventId)),
    },
    [Symbol.dispose]: cancel,
  };
}

function tooSlow(server: ServerName): RemoteServerError {
  return new RemoteServerError(`${server} answers too slowly to close a gap`, {
    server,
    reachable: true,
    transient: true,
  });
}
