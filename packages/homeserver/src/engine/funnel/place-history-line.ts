import { authEventKeys, checkStateRules, StateMap } from '@hansa/protocol';
import type { EventId, RoomEvent } from '@hansa/protocol';
import { listState } from '@hansa/storage';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { checkAuthChain, checkState } from './authorise.ts';
import { putHistoric } from './put-historic.ts';
import type { Vetted } from './vetted.ts';

interface Line {
  /** The oldest state that we know. */
  readonly floor: StateRef;
  /** Of the oldest event. */
  readonly position: number;
  /** State before the oldest event of the page; undefined where nobody was asked. */
  readonly stateBefore: StateMap<EventId> | undefined;
}

/**
 * Lowers the floor of the main timeline by a line of events, the oldest first. What a state event replaced is not
 * in the event: it is found by replaying the page from the claimed state, which must end in the state that we
 * know. Undefined, and nothing placed, where it does not, or where a rule is broken.
 */
export async function placeLine(
  env: Environment,
  draft: RoomDraft,
  events: readonly Vetted[],
  { floor, position, stateBefore }: Line,
): Promise<number | undefined> {
  const stateEvents = events.filter(({ stateKey }) => stateKey !== undefined);
  if (stateEvents.length > 0 && stateBefore === undefined) return undefined;
  const replaced = stateBefore && (await replay(draft, events, stateBefore, floor));
  if (stateBefore !== undefined && replaced === undefined) return undefined;
  for (const event of events) {
    if (!(await checkAuthChain(draft, event)).ok) return undefined;
    // Without state events the state before each of them is the one that we know.
    if (replaced === undefined && !(await checkState(draft, event, floor)).ok) return undefined;
  }

  const { roomId } = draft;
  let at = floor.at;
  for (const [n, event] of [...events.entries()].toReversed()) {
    const after = { timeline: floor.timeline, at };
    const { type, stateKey, eventId } = event;
    const previous = replaced?.get(eventId);
    if (stateKey !== undefined) {
      const row = { roomId, timeline: floor.timeline, at, type, stateKey, event: eventId };
      draft.write(({ states }) => {
        states.appendRow({ ...row, previous });
        states.setFloor(roomId, floor.timeline, { type, stateKey }, previous);
      });
      at -= 1;
    }
    const before = { timeline: floor.timeline, at };
    await putHistoric(env, draft, event, {
      verdict: 'accepted',
      position: position + n,
      before,
      after,
      replaces: previous,
      claimed: n === 0,
      decidedBy: floor,
    });
  }
  const [oldest] = events;
  const [parent, ...more] = oldest?.prevEvents ?? [];
  draft.setFloor({ depth: oldest?.depth ?? 0, parent: more.length === 0 ? parent : undefined });
  return events.length;
}

/** What each state event replaced; undefined where the page breaks a rule, or does not end in the floor's state. */
async function replay(
  draft: RoomDraft,
  events: readonly Vetted[],
  stateBefore: StateMap<EventId>,
  floor: StateRef,
): Promise<ReadonlyMap<EventId, EventId | undefined> | undefined> {
  const state = stateBefore.clone();
  const replaced = new Map<EventId, EventId | undefined>();
  for (const event of events) {
    if (!(await isAllowed(draft, event, state))) return undefined;
    if (event.stateKey === undefined) continue;
    replaced.set(event.eventId, state.get(event.type, event.stateKey));
    state.set(event.type, event.stateKey, event.eventId);
  }
  return (await isStateAt(draft, floor, state)) ? replaced : undefined;
}

async function isAllowed(
  draft: RoomDraft,
  event: Vetted,
  state: StateMap<EventId>,
): Promise<boolean> {
  if (event.type === 'm.room.create') return state.size === 0;
  const found = new StateMap<RoomEvent>();
  const create = ['m.room.create', ''] as const;
  for (const [type, stateKey] of [create, ...authEventKeys(event, draft.rules)]) {
    const eventId = state.get(type, stateKey);
    const known = eventId === undefined ? undefined : await draft.findEvent(eventId);
    if (known !== undefined) found.set(type, stateKey, known.pdu);
  }
  return checkStateRules(event, draft.rules, (type, stateKey) => found.get(type, stateKey)).ok;
}

/** Whether two states are the same. */
async function isStateAt(
  draft: RoomDraft,
  ref: StateRef,
  state: StateMap<EventId>,
): Promise<boolean> {
  const held = await listState(draft.states, ref);
  if (held.size !== state.size) return false;
  for (const [type, stateKey, eventId] of held) {
    if (state.get(type, stateKey) !== eventId) return false;
  }
  return true;
}
