import type { ServerName } from '@hansa/protocol';
import type { Position, StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendBeside, appendToMain, rowOf } from '../room/append-rows.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { isSameRef } from '../room/state-ref.ts';
import type { RowChange } from '../room/tip-differences.ts';
import { advanceRoom, coverEnds } from './advance-room.ts';
import type { Placed } from './outcome.ts';
import { isEnd } from './extremities.ts';
import { POSITIONS_OF_GAP } from './gap-positions.ts';
import { applyRedaction, effectOfRedaction, settleRedactions } from './redactions.ts';
import { tellExcluded } from './tell-excluded.ts';
import { tellNewcomer } from './tell-newcomer.ts';
import type { Vetted } from './vetted.ts';

export interface Placement {
  readonly rule: string | undefined;
  readonly before: StateRef;
  readonly depth: number;
  readonly claimed: boolean;
  /** What lies before it is missing, although its state is nobody's claim alone: our stay begins anew. */
  readonly followsGap?: boolean;
  readonly send?: { readonly exceptTo?: ServerName } | undefined;
}

/** Places an event that nobody is shown. A soft-failed one has its part in the states of what follows it. */
export async function placeHidden(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  verdict: 'rejected' | 'soft-failed',
  { rule, before, depth, claimed }: Placement,
): Promise<Placed> {
  const change = await rowOf(draft, event, before);
  const after =
    verdict === 'rejected' || change === undefined
      ? before
      : await appendBeside(draft, before, [change], env.limits.timelineDepth);
  const replaces = change?.from;
  const storedAt = env.clock.now();
  draft.putEvent({
    pdu: event,
    place: 'timeline',
    verdict,
    rule,
    depth,
    before,
    after,
    claimed,
    replaces,
    storedAt,
  });
  if (verdict === 'soft-failed') await tellExcluded(env, draft, event);
  return { kind: 'appended', event: await draft.getEvent(event.eventId), position: undefined };
}

/** Places an accepted event, with everything that follows from it. */
export async function placeAccepted(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  placement: Placement,
): Promise<Placed> {
  const { before, depth, claimed, send } = placement;
  // To whom it is sent follows from who is in the room.
  if (send !== undefined) await draft.settle();
  const { effect, shown } = await effectOfRedaction(draft, event, before);
  const position = draft.takePosition(claimed ? POSITIONS_OF_GAP : 0);
  const change = await rowOf(draft, event, before);
  const { current } = draft.getHead();
  const ends = await isEnd(draft, event, claimed);
  // What is no end moves nothing.
  const onMain =
    ends && draft.unsettled === undefined && current !== undefined && isSameRef(before, current);
  const after = await afterAccepted(env, draft, before, change, onMain ? position : undefined);
  draft.putEvent({
    pdu: event,
    place: 'timeline',
    verdict: 'accepted',
    position: shown ? position : undefined,
    depth,
    before,
    after,
    claimed: claimed || placement.followsGap === true,
    send: send !== undefined,
    exceptTo: send?.exceptTo,
    replaces: change?.from,
    storedAt: env.clock.now(),
  });
  const serversBefore = [...draft.getHead().joined.keys()];
  const arrival = { event, depth, before, after, change, onMain, position };
  if (ends) await advanceRoom(env, draft, arrival);
  else if (!claimed) await coverEnds(env, draft, arrival);
  await tellNewcomer(env, draft, event);
  if (send !== undefined) {
    await draft.settle();
    noteDestinations(env, draft, serversBefore, send.exceptTo);
  }
  if (effect === 'redacts') await applyRedaction(draft, event);
  if (effect === 'waits' && event.redacts !== undefined) {
    draft.holdRedaction(event.eventId, event.redacts);
  }
  await settleRedactions(draft, event);
  return {
    kind: 'appended',
    event: await draft.getEvent(event.eventId),
    position: shown ? position : undefined,
  };
}

/** At the head of the main timeline the row is the current state's next; elsewhere it is a fork's. */
async function afterAccepted(
  env: Environment,
  draft: RoomDraft,
  before: StateRef,
  change: RowChange | undefined,
  position: Position | undefined,
): Promise<StateRef> {
  if (change === undefined) return before;
  return position === undefined
    ? appendBeside(draft, before, [change], env.limits.timelineDepth)
    : appendToMain(draft, [change], position);
}

/** A server that leaves with the event gets it, as does one that comes with it and has others there. */
function noteDestinations(
  env: Environment,
  draft: RoomDraft,
  serversBefore: readonly ServerName[],
  exceptTo: ServerName | undefined,
): void {
  for (const server of serversBefore) {
    if (server !== env.serverName && server !== exceptTo) draft.destinations.add(server);
  }
}
