import {
  findRoomVersion,
  parseRoomAlias,
  parseUserId,
  type RoomAlias,
  type ServerName,
  type UserId,
} from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { Type, type Static } from 'typebox';
import { aliasInUse, AliasReservations } from '../../directory/alias-reservations.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import {
  invalidParam,
  MatrixError,
  noThirdPartyIds,
  unsupportedRoomVersion,
} from '../../matrix-error.ts';
import { memberProfile } from '../../membership/member-profile.ts';
import { planRoom } from '../../room-creation/plan-room.ts';
import type { InitialState } from '../../room-creation/presets.ts';

interface Ports {
  readonly engine: Pick<RoomEngine, 'createRoom' | 'invite'>;
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly serverName: ServerName;
  readonly defaultRoomVersion: string;
}

const InitialEvent = Type.Object({
  type: Type.String({ maxLength: 255 }),
  state_key: Type.Optional(Type.String({ maxLength: 255 })),
  content: AnyObject,
});

const Body = Type.Object({
  visibility: Type.Optional(Type.Union([Type.Literal('public'), Type.Literal('private')])),
  preset: Type.Optional(
    Type.Union([
      Type.Literal('private_chat'),
      Type.Literal('trusted_private_chat'),
      Type.Literal('public_chat'),
    ]),
  ),
  room_alias_name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  name: Type.Optional(Type.String({ maxLength: 1000 })),
  topic: Type.Optional(Type.String({ maxLength: 16_384 })),
  invite: Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 100 })),
  invite_3pid: Type.Optional(Type.Array(AnyObject, { maxItems: 100 })),
  room_version: Type.Optional(Type.String({ maxLength: 32 })),
  creation_content: Type.Optional(AnyObject),
  power_level_content_override: Type.Optional(AnyObject),
  initial_state: Type.Optional(Type.Array(InitialEvent, { maxItems: 100 })),
  is_direct: Type.Optional(Type.Boolean()),
});

/** `POST /createRoom` */
export function createRoom(ports: Ports): Route {
  const { engine, store, defaultRoomVersion } = ports;
  const aliases = new AliasReservations();
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/createRoom',
    auth: 'token',
    body: Body,
    emptyBody: 'object',
    canonicalBody: true,
    handler: async ({ session, body }) => {
      const creator = session.userId;
      const version = body.room_version ?? defaultRoomVersion;
      const rules = findRoomVersion(version);
      if (rules === undefined) throw unsupportedRoomVersion(version);
      if (body.invite_3pid !== undefined && body.invite_3pid.length > 0) throw noThirdPartyIds();
      const invitees = [...new Set((body.invite ?? []).map(readInvitee))];
      const alias = readAlias(ports, body.room_alias_name);
      using _held = alias && aliases.hold(alias);
      if (alias !== undefined && (await store.readers.directory.findAlias(alias))) {
        throw aliasInUse();
      }
      const plan = planRoom({
        rules,
        creator,
        creatorProfile: await memberProfile(store.readers.accounts, creator),
        preset: body.preset ?? (body.visibility === 'public' ? 'public_chat' : 'private_chat'),
        alias,
        name: body.name,
        topic: body.topic,
        invitees,
        createContent: body.creation_content ?? {},
        powerLevelOverride: body.power_level_content_override ?? {},
        initialState: (body.initial_state ?? []).map(readInitialState),
      });
      const roomId = await engine.createRoom(plan).catch(rethrowInvalidState);
      if (alias !== undefined || body.visibility === 'public') {
        await store.transact(({ directory }) => {
          if (alias !== undefined) directory.insertAlias({ alias, roomId, creator });
          if (body.visibility === 'public') directory.setPublished(roomId, true);
        });
      }
      const content = body.is_direct === true ? { is_direct: true } : {};
      const invites = await Promise.allSettled(
        invitees.map((target) => engine.invite({ roomId, sender: creator, target, content })),
      );
      const failed = invites.find((invite) => invite.status === 'rejected');
      if (failed) throw inviteFailed(roomId, failed.reason);
      return { room_id: roomId };
    },
  });
}

function readInvitee(text: string): UserId {
  const userId = parseUserId(text);
  if (!userId.ok) throw invalidParam(`invite: ${userId.reason}`);
  return userId.value;
}

/** The create event is the room's own, and its first. */
function readInitialState({
  type,
  state_key: stateKey = '',
  content,
}: Static<typeof InitialEvent>): InitialState {
  if (type === 'm.room.create') throw invalidState('There is one create event in a room.');
  return { type, stateKey, content };
}

function readAlias({ serverName }: Ports, localpart: string | undefined): RoomAlias | undefined {
  if (localpart === undefined) return undefined;
  if (localpart.includes(':')) throw invalidParam('room_alias_name: must not contain a colon');
  const alias = parseRoomAlias(`#${localpart}:${serverName}`);
  if (!alias.ok) throw invalidParam(`room_alias_name: ${alias.reason}`);
  return alias.value;
}

/** The room's own rules refuse its first events. */
function rethrowInvalidState(error: unknown): never {
  if (!(error instanceof MatrixError) || error.errcode !== 'M_FORBIDDEN') throw error;
  throw invalidState(error.message, error);
}

function invalidState(message: string, cause?: unknown): MatrixError {
  return new MatrixError(400, 'M_INVALID_ROOM_STATE', message, { cause });
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
