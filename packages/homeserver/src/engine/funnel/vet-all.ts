import type { EventId, JsonObject, RoomId, RoomVersionRules, ServerName } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { SignatureChecker } from '../federation-port.ts';
import { vet } from './vet.ts';
import type { Vetted } from './vetted.ts';

/** Events whose signatures are under way at a time. */
const AT_ONCE = 50;

export interface VetPorts {
  readonly env: Pick<Environment, 'turns'>;
  readonly signatures: SignatureChecker;
}

export interface VetOptions {
  readonly notaries: readonly ServerName[];
  /** Given those that could not be checked now. */
  readonly unchecked?: JsonObject[];
}

/** A room, as far as events have to be of it. */
export interface RoomName {
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
}

/**
 * Those of another server's events that pass checks 1 to 3 and are of the room, each once. The others are as if
 * they had not been sent: whoever names them will miss them. `notaries` may know keys of servers that do not answer.
 */
export async function vetAll(
  { env, signatures }: VetPorts,
  { roomId, rules }: RoomName,
  events: readonly JsonObject[],
  { notaries, unchecked }: VetOptions,
): Promise<ReadonlyMap<EventId, Vetted>> {
  const vetted = new Map<EventId, Vetted>();
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const page = events.slice(from, from + AT_ONCE);
    await env.turns.breathe();
    const vettings = await Promise.all(
      page.map((json) => vet(json, rules, signatures, { anyNumberOfReferences: true, notaries })),
    );
    for (const [n, vetting] of vettings.entries()) {
      const json = page[n];
      if (vetting.ok === 'unavailable' && json !== undefined) unchecked?.push(json);
      if (vetting.ok === true && vetting.event.roomId === roomId) {
        vetted.set(vetting.event.eventId, vetting.event);
      }
    }
  }
  return vetted;
}

/** Events with what they refer to before them, as far as it is among them; without recursion. */
export function inOrderOf<T extends { readonly eventId: EventId }>(
  events: ReadonlyMap<EventId, T>,
  references: (event: T) => readonly EventId[],
): readonly T[] {
  const ordered: T[] = [];
  const begun = new Set<EventId>();
  for (const root of events.values()) {
    const path: { readonly event: T; readonly rest: EventId[] }[] = [];
    const enter = (event: T): void => {
      if (begun.has(event.eventId)) return;
      begun.add(event.eventId);
      path.push({ event, rest: [...references(event)] });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.shift();
      const referred = next === undefined ? undefined : events.get(next);
      if (referred !== undefined) enter(referred);
      else if (next === undefined) {
        ordered.push(top.event);
        path.pop();
      }
    }
  }
  return ordered;
}
