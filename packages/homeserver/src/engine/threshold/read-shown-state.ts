import {
  canonicalJsonBytes,
  checkContentHash,
  isObject,
  isUserId,
  member,
  parsePdu,
  readRoomVersion,
  type JsonObject,
  type Pdu,
  type RoomId,
  type RoomVersionRules,
} from '@hansa/protocol';
import { invalidParam } from '../../matrix-error.ts';
import type { SignatureChecker } from '../federation-port.ts';
import { vet } from '../funnel/vet.ts';
import { strippedJson } from './stripped-json.ts';

/** Events of a room's description that are looked at. */
const MAX_STATE = 50;

export interface ShownState {
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
  readonly given: readonly JsonObject[];
  /** Of the member that it came in, for refusals. */
  readonly name: string;
}

/**
 * What of the state by which another server describes a room is true, as far as that can be told; in the client's form.
 * @throws MatrixError `M_INVALID_PARAM`, in versions where it can be verified and is wrong
 */
export async function readShownState(
  signatures: SignatureChecker,
  { roomId, rules, given: all, name }: ShownState,
): Promise<readonly JsonObject[]> {
  const given = all.slice(0, MAX_STATE);
  if (!rules.strippedStateIsPdus) {
    return given.map(fourFields).filter((event) => event !== undefined);
  }
  const shown: JsonObject[] = [];
  let create: Pdu | undefined;
  for (const json of given) {
    const vetting = await vet(json, rules, signatures);
    if (vetting.ok === false) throw invalidParam(`${name}: ${vetting.reason} (${vetting.rule})`);
    const event = vetting.ok === 'unavailable' ? createOf(roomId, json, rules) : vetting.event;
    if (event === undefined) continue;
    if (event.roomId !== roomId) throw invalidParam(`${name}: an event is of another room.`);
    if (event.stateKey === undefined) continue;
    if (event.type === 'm.room.create') create = event;
    shown.push(strippedJson(event));
  }
  if (create === undefined || readRoomVersion(create.content) !== rules.id) {
    throw invalidParam(`${name}: no create event of this room version.`);
  }
  return shown;
}

/** The event that the room's id is the hash of: so it is that, whoever signed it, and whether we can have their key now or not. */
function createOf(roomId: RoomId, json: JsonObject, rules: RoomVersionRules): Pdu | undefined {
  if (rules.roomIdFormat !== 'create-event-hash' || !checkContentHash(json).ok) return undefined;
  const pdu = parsePdu(json, rules);
  if (!pdu.ok || pdu.value.type !== 'm.room.create') return undefined;
  return pdu.value.roomId === roomId ? pdu.value : undefined;
}

/** The first events, and those behind them that fit, too. */
export function within(maxBytes: number, events: readonly JsonObject[]): readonly JsonObject[] {
  let left = maxBytes;
  return events.filter((event) => {
    const sizeBytes = canonicalJsonBytes(event).byteLength;
    const fits = sizeBytes <= left;
    if (fits) left -= sizeBytes;
    return fits;
  });
}

/** Older versions send no more than this, and nobody can verify it. */
function fourFields(json: JsonObject): JsonObject | undefined {
  const [type, stateKey, sender, content] = ['type', 'state_key', 'sender', 'content'].map((key) =>
    member(json, key),
  );
  if (typeof type !== 'string' || typeof stateKey !== 'string' || typeof sender !== 'string') {
    return undefined;
  }
  return isUserId(sender) && isObject(content)
    ? { type, state_key: stateKey, sender, content }
    : undefined;
}
