import {
  canonicalJson,
  checkContentHash,
  redact,
  type Decision,
  type EventId,
  type StateMap,
} from '@hansa/protocol';
import type { Placed, SimulatedRoom } from './simulated-room.ts';
import type { EventAnswer, RoomAnswer, RoomQuestion, Verdict } from './synapse-library.ts';

/** One thing that Synapse says otherwise. */
export interface Difference {
  readonly about: 'form' | 'id' | 'hash' | 'redaction' | 'events' | 'auth' | 'state' | 'resolution';
  readonly ours: string;
  readonly synapse: string;
  /** The event, or the number of the resolution. */
  readonly where: string;
  readonly placed?: Placed;
}

export function questionOf(room: SimulatedRoom): RoomQuestion {
  return {
    version: room.rules.id,
    events: room.events.map(({ pdu, rejected, before }) => ({
      json: pdu.json,
      rejected,
      state: idsOf(before),
    })),
    resolutions: room.resolutions.map(({ states }) => states.map(idsOf)),
  };
}

export function differences(room: SimulatedRoom, answer: RoomAnswer): readonly Difference[] {
  const ofEvents = room.events.flatMap((placed, at) => {
    const said = answer.events[at];
    if (said === undefined) throw new Error('Synapse left an event out');
    return differencesOfEvent(placed, said);
  });
  const ofResolutions = room.resolutions.flatMap(({ resolved }, at): Difference[] => {
    const said = answer.resolutions[at];
    const ours = idsOf(resolved).toSorted().join(' ');
    const synapse = typeof said === 'string' ? said : (said ?? []).join(' ');
    return ours === synapse
      ? []
      : [{ about: 'resolution', ours, synapse, where: `resolution ${at}` }];
  });
  return [...ofEvents, ...ofResolutions];
}

function differencesOfEvent(
  placed: Placed,
  said: RoomAnswer['events'][number],
): readonly Difference[] {
  const { pdu, verdicts } = placed;
  const where = `${pdu.type} ${pdu.eventId}`;
  if ('unreadable' in said) {
    if (!verdicts.events.ok) return [];
    return [{ about: 'form', ours: 'readable', synapse: said.unreadable, where, placed }];
  }
  const found: Difference[] = [];
  const compare = (about: Difference['about'], ours: string, synapse: string): void => {
    if (ours !== synapse) found.push({ about, ours, synapse, where, placed });
  };
  compare('id', pdu.eventId, said.id);
  const hashIsRight = checkContentHash(pdu.json).ok;
  compare('hash', String(hashIsRight), String(said.hashIsRight));
  compare('redaction', canonicalJson(redact(pdu.json, pdu.rules)), said.redacted);
  for (const about of listDecisions(placed, said)) {
    const [ours, synapse] = [verdicts[about], said[about]];
    // Where Synapse throws, it takes the event in by no rule at all, nor may we.
    const agree = synapse.startsWith('crashed')
      ? placed.rejected
      : ours.ok === (synapse === 'allowed');
    if (!agree) {
      found.push({ about, ours: sayDecision(ours), synapse, where, placed });
    }
  }
  return found;
}

/** By auth events that may not be used nothing is decided. */
function listDecisions(
  { verdicts }: Placed,
  said: EventAnswer,
): readonly ('events' | 'auth' | 'state')[] {
  const usable = verdicts.events.ok && said.events === 'allowed';
  return usable ? ['events', 'auth', 'state'] : ['events', 'state'];
}

function sayDecision(decision: Decision): Verdict {
  return decision.ok ? 'allowed' : `refused: ${decision.rule}, ${decision.reason}`;
}

function idsOf(state: StateMap<EventId>): EventId[] {
  return [...state].map(([, , eventId]) => eventId);
}
