import type { RoomId, ServerName, UserId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { aliasInUse, type AliasReservations } from '../../directory/alias-reservations.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { MatrixError } from '../../matrix-error.ts';
import { memberProfile } from '../../membership/member-profile.ts';
import { requireInvitee } from '../../membership/require-invitee.ts';
import { rethrowInvalidState } from '../../room-creation/invalid-first-state.ts';
import { planRoom } from '../../room-creation/plan-room.ts';
import {
  CreateRoomBody,
  readCreateRoomRequest,
  type CreateRoomRequest,
} from './create-room-request.ts';

interface Ports {
  readonly engine: Pick<RoomEngine, 'createRoom' | 'invite'>;
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly aliases: AliasReservations;
  readonly serverName: ServerName;
  readonly defaultRoomVersion: string;
}

/** `POST /createRoom` */
export function createRoom(ports: Ports): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/createRoom',
    auth: 'token',
    body: CreateRoomBody,
    emptyBody: 'object',
    canonicalBody: true,
    handler: async ({ session, body }) => {
      const { accounts, directory } = ports.store.readers;
      const request = readCreateRoomRequest(body, ports);
      const { alias, invitees } = request.wishes;
      using _held = alias && ports.aliases.hold(alias);
      if (alias !== undefined && (await directory.findAlias(alias))) throw aliasInUse();
      const { serverName } = ports;
      for (const invitee of invitees) await requireInvitee({ accounts, serverName }, invitee);
      const roomId = await makeRoom(ports, request, session.userId);
      await inviteAll(ports, request, { roomId, sender: session.userId });
      return { room_id: roomId };
    },
  });
}

async function makeRoom(
  { engine, store }: Ports,
  { wishes, published }: CreateRoomRequest,
  creator: UserId,
): Promise<RoomId> {
  const creatorProfile = await memberProfile(store.readers.accounts, creator);
  const plan = planRoom({ ...wishes, creator, creatorProfile });
  const roomId = await engine.createRoom(plan).catch(rethrowInvalidState);
  const { alias } = wishes;
  if (alias !== undefined || published) {
    await store.transact(({ directory }) => {
      if (alias !== undefined) directory.insertAlias({ alias, roomId, creator });
      if (published) directory.setPublished(roomId, true);
    });
  }
  return roomId;
}

async function inviteAll(
  { engine }: Ports,
  { wishes, inviteContent }: CreateRoomRequest,
  { roomId, sender }: { readonly roomId: RoomId; readonly sender: UserId },
): Promise<void> {
  const invites = await Promise.allSettled(
    wishes.invitees.map((target) =>
      engine.invite({ roomId, sender, target, content: inviteContent }),
    ),
  );
  const failed = invites.find((invite) => invite.status === 'rejected');
  if (failed) throw inviteFailed(roomId, failed.reason);
}

/** The room stands, and the client learns both: which one, and that somebody could not be invited. */
function inviteFailed(roomId: string, cause: unknown): MatrixError {
  if (!(cause instanceof MatrixError)) throw cause;
  const message = `The room was made, but not everybody could be invited: ${cause.message}`;
  return new MatrixError(cause.status, cause.errcode, message, {
    fields: { ...cause.fields, room_id: roomId },
    cause,
  });
}
