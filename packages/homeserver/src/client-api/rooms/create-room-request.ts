import {
  findRoomVersion,
  parseRoomAlias,
  parseUserId,
  type JsonObject,
  type RoomAlias,
  type RoomVersionRules,
  type ServerName,
  type UserId,
} from '@hansa/protocol';
import { Type, type Static } from 'typebox';
import { AnyObject } from '../../http/index.ts';
import {
  invalidParam,
  invalidRoomState,
  noThirdPartyIds,
  unsupportedRoomVersion,
} from '../../matrix-error.ts';
import type { RoomWishes } from '../../room-creation/plan-room.ts';
import type { InitialState } from '../../room-creation/presets.ts';

const InitialEvent = Type.Object({
  type: Type.String({ maxLength: 255 }),
  state_key: Type.Optional(Type.String({ maxLength: 255 })),
  content: AnyObject,
});

/** Body of `POST /createRoom`. */
export const CreateRoomBody = Type.Object({
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

/** What the body asks for, all but what is known of the creator. */
export interface CreateRoomRequest {
  readonly wishes: Omit<RoomWishes, 'creator' | 'creatorProfile'>;
  /** To be listed in the directory. */
  readonly published: boolean;
  /** Of each invite. */
  readonly inviteContent: JsonObject;
}

interface Defaults {
  readonly serverName: ServerName;
  readonly defaultRoomVersion: string;
}

/** @throws MatrixError for what can be seen to be wrong before anything is made */
export function readCreateRoomRequest(
  body: Static<typeof CreateRoomBody>,
  { serverName, defaultRoomVersion }: Defaults,
): CreateRoomRequest {
  if (body.invite_3pid !== undefined && body.invite_3pid.length > 0) throw noThirdPartyIds();
  const published = body.visibility === 'public';
  return {
    wishes: {
      rules: readRules(body.room_version ?? defaultRoomVersion),
      preset: body.preset ?? (published ? 'public_chat' : 'private_chat'),
      alias: readAlias(serverName, body.room_alias_name),
      name: body.name,
      topic: body.topic,
      invitees: [...new Set((body.invite ?? []).map(readInvitee))],
      createContent: body.creation_content ?? {},
      powerLevelOverride: body.power_level_content_override ?? {},
      initialState: (body.initial_state ?? []).map(readInitialState),
    },
    published,
    inviteContent: body.is_direct === true ? { is_direct: true } : {},
  };
}

function readRules(version: string): RoomVersionRules {
  const rules = findRoomVersion(version);
  if (rules === undefined) throw unsupportedRoomVersion(version);
  return rules;
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
  if (type === 'm.room.create') throw invalidRoomState('There is one create event in a room.');
  return { type, stateKey, content };
}

function readAlias(serverName: ServerName, localpart: string | undefined): RoomAlias | undefined {
  if (localpart === undefined) return undefined;
  if (localpart.includes(':')) throw invalidParam('room_alias_name: must not contain a colon');
  const alias = parseRoomAlias(`#${localpart}:${serverName}`);
  if (!alias.ok) throw invalidParam(`room_alias_name: ${alias.reason}`);
  return alias.value;
}
