import {
  authEventKeys,
  buildEvent,
  getRoomVersion,
  hashAndSignEvent,
  parsePdu,
} from '@hansa/protocol';
import type { EventId, EventTemplate, JsonObject, Pdu, RoomId } from '@hansa/protocol';
import type { TestServer } from './test-server.ts';

export type Forgery = Pick<EventTemplate, 'type' | 'sender' | 'content'> &
  Partial<EventTemplate> & { readonly roomId: RoomId };

/**
 * An event as a server might send it that does as it likes: well-formed and signed by it, with parents and auth
 * events by choice. What is left out is chosen honestly, by the state of `view` after the parents.
 */
export async function forge(
  signer: TestServer,
  view: TestServer,
  fields: Forgery,
  change: (json: JsonObject) => JsonObject = (json) => json,
): Promise<Pdu> {
  const { roomId } = fields;
  const rules = (await view.views.findRoom(roomId))?.rules ?? getRoomVersion('12');
  const prevEvents = fields.prevEvents ?? [await lastEvent(view, roomId)];
  const parent = prevEvents[0];
  const authEvents = fields.authEvents ?? (await honestAuth(view, fields, parent));
  const parentDepth = parent && (await view.views.findEvent(roomId, parent))?.pdu.depth;
  const template: EventTemplate = {
    depth: (parentDepth ?? 0) + 1,
    originServerTs: 1_700_000_000_000,
    ...fields,
    prevEvents,
    authEvents,
  };
  const signed = hashAndSignEvent(buildEvent(template, rules), rules, signer.name, signer.key);
  const pdu = parsePdu(change(signed), rules);
  if (!pdu.ok) throw new Error(pdu.reason);
  return pdu.value;
}

/** The newest event of a room that everybody sees. */
export async function lastEvent({ views }: TestServer, roomId: RoomId): Promise<EventId> {
  const from = Number.MAX_SAFE_INTEGER;
  const [last] = await views.timeline({ roomId, direction: 'backward', from, limit: 1 });
  if (last === undefined) throw new Error('the room is empty');
  return last.pdu.eventId;
}

async function honestAuth(
  { views }: TestServer,
  { type, sender, content, stateKey, roomId }: Forgery,
  parent: EventId | undefined,
): Promise<readonly EventId[]> {
  if (parent === undefined) return [];
  const state = await views.stateAfter(roomId, parent);
  const rules = (await views.findRoom(roomId))?.rules ?? getRoomVersion('12');
  const found: EventId[] = [];
  for (const [wanted, key] of authEventKeys({ type, sender, content, stateKey }, rules)) {
    const event = await state.find(wanted, key);
    if (event !== undefined) found.push(event.eventId);
  }
  return found;
}
