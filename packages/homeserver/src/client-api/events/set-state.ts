import {
  isUserId,
  member,
  parseRoomId,
  type JsonObject,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import { checkCanonicalAlias } from '../../directory/check-canonical-alias.ts';
import type { ResolveAlias } from '../../directory/resolve-alias.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import {
  AnyObject,
  defineRoute,
  paramText,
  paramTextOrEmpty,
  type Route,
} from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';
import type { AccountPorts } from '../../membership/is-absent-here.ts';
import { requireProfileBounds } from '../../membership/profile-bounds.ts';
import { requireInvitee } from '../../membership/require-invitee.ts';
import { roomAccess, type AccessReads } from '../../membership/room-access.ts';

interface Ports extends AccountPorts {
  readonly engine: Pick<RoomEngine, 'invite' | 'send'>;
  readonly views: AccessReads;
  readonly resolveAlias: ResolveAlias;
}

const PATH = '/_matrix/client/v3/rooms/{roomId}/state/{eventType}';

/** `PUT /rooms/{roomId}/state/{eventType}/{stateKey}`; the state key may be left out, with its slash or without. */
export function setState(ports: Ports): readonly Route[] {
  const declared = { method: 'PUT', auth: 'token', body: AnyObject, canonicalBody: true } as const;
  const params = { roomId: parseRoomId, eventType: paramText };
  const withoutKey = [PATH, `${PATH}/`].map((path) =>
    defineRoute({
      ...declared,
      path,
      params,
      handler: async ({ session, params: { roomId, eventType }, body }) =>
        put(ports, {
          roomId,
          sender: session.userId,
          type: eventType,
          stateKey: '',
          content: body,
        }),
    }),
  );
  const withKey = defineRoute({
    ...declared,
    path: `${PATH}/{stateKey}`,
    params: { ...params, stateKey: paramTextOrEmpty },
    handler: async ({ session, params: { roomId, eventType, stateKey }, body }) =>
      put(ports, { roomId, sender: session.userId, type: eventType, stateKey, content: body }),
  });
  return [...withoutKey, withKey];
}

interface StateIntent {
  readonly roomId: RoomId;
  readonly sender: UserId;
  readonly type: string;
  readonly stateKey: string;
  readonly content: JsonObject;
}

async function put(ports: Ports, intent: StateIntent): Promise<{ event_id: string }> {
  const { engine, views, resolveAlias } = ports;
  const { type, stateKey, content, roomId, sender } = intent;
  if (type === 'm.room.create') throw forbidden('There is one create event in a room.');
  if (type === 'm.room.canonical_alias' && stateKey === '') {
    const { state } = await roomAccess(views, roomId, sender);
    await checkCanonicalAlias(resolveAlias, { roomId, content, state });
  }
  if (type === 'm.room.member') requireProfileBounds(content);
  const isInvite = type === 'm.room.member' && member(content, 'membership') === 'invite';
  if (!isInvite || !isUserId(stateKey)) return { event_id: (await engine.send(intent)).eventId };
  await requireInvitee(ports, stateKey);
  // A remote invitee's server has to sign an invite, so every invite takes that way.
  const { eventId } = await engine.invite({ roomId, sender, target: stateKey, content });
  return { event_id: eventId };
}
