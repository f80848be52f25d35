import { encodeBase64Url } from '@hansa/protocol';
import type { EventTemplate, JsonObject, RoomId, RoomVersionRules } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import { appendOwn, appendSigned } from '../funnel/append-own.ts';
import { signOwn } from '../funnel/own-event.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { RoomCreation } from '../intents.ts';
import type { Lanes } from '../lane/lanes.ts';
import type { RoomDraft } from '../room/room-draft.ts';

const ROOM_ID_BYTES = 15;

/**
 * Creates a room with everything that is in it from the start: in one commit, so there is no half of one. Where its id is
 * the hash of its first event, the same person may have made the same one in this millisecond: it is made a little later.
 */
export async function createRoom(
  env: Environment,
  lanes: Lanes,
  creation: RoomCreation,
): Promise<RoomId> {
  for (let at = env.clock.now(); ; at += 1) {
    const create = buildCreateEvent(env, creation, at);
    const { roomId } = create;
    const { value: isNew } = await lanes.run(roomId, (draft) => {
      return beginRoom(env, draft, creation, create);
    });
    if (isNew) return roomId;
  }
}

/** Whether there was none of this id. */
async function beginRoom(
  env: Environment,
  draft: RoomDraft,
  { rules, creator, creatorProfile, initialState }: RoomCreation,
  create: Vetted,
): Promise<boolean> {
  if (draft.head !== undefined) return false;
  draft.beginRoom(rules);
  await beginTimeline(env, draft, create);
  await appendOwn(env, draft, {
    type: 'm.room.member',
    stateKey: creator,
    sender: creator,
    content: { ...creatorProfile, membership: 'join' },
  });
  for (const { type, stateKey, content } of initialState) {
    await appendOwn(env, draft, { type, stateKey, sender: creator, content });
  }
  return true;
}

async function beginTimeline(env: Environment, draft: RoomDraft, create: Vetted): Promise<void> {
  const root = draft.openTimeline(undefined, 0);
  draft.setCurrent(root);
  const { position } = await appendSigned(env, draft, create);
  draft.write(({ rooms }) => rooms.beginSegment(draft.roomId, root.timeline, position));
}

function buildCreateEvent(env: Environment, creation: RoomCreation, at: number): Vetted {
  const { rules, creator } = creation;
  const template: EventTemplate = {
    type: 'm.room.create',
    stateKey: '',
    sender: creator,
    roomId: rules.roomIdFormat === 'create-event-hash' ? undefined : newRoomId(env),
    content: createContent(creation, rules),
    prevEvents: [],
    authEvents: [],
    depth: 1,
    originServerTs: at,
  };
  return signOwn(env, rules, template);
}

function createContent(
  { createContent: given, creator }: RoomCreation,
  rules: RoomVersionRules,
): JsonObject {
  return {
    ...given,
    room_version: rules.id,
    ...(rules.auth.createNeedsCreator ? { creator } : {}),
  };
}

function newRoomId({ random, serverName }: Environment): RoomId {
  return `!${encodeBase64Url(random.bytes(ROOM_ID_BYTES))}:${serverName}` as RoomId;
}
