import {
  buildEvent,
  canonicalJson,
  hashAndSignEvent,
  type EventId,
  type JsonObject,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import { eventIdIn, RULES, type PeerRequest, type PeerServers } from './peer-servers.ts';

/** A room that servers of this process have made, of so many members that they share. */
export interface LargeRoom {
  readonly roomId: string;
  /** The server to join through. */
  readonly resident: string;
  /** Canonical JSON of all that a join is answered with but the join itself. */
  readonly answer: string;
  /** In the answer. */
  readonly events: number;
  readonly authEvents: readonly EventId[];
  readonly last: EventId;
  readonly depth: number;
}

/** Members of the servers in turn, each of whom joined upon the one before. `name` makes it another room. */
export function buildLargeRoom(peers: PeerServers, members: number, name: string): LargeRoom {
  const [resident = ''] = peers.names;
  const creator = `@creator:${resident}`;
  const state: JsonObject[] = [];
  const chain = { roomId: undefined as RoomId | undefined, last: undefined as EventId | undefined };
  const add = (
    sender: string,
    about: { type: string; stateKey: string; content: JsonObject },
    authEvents: readonly EventId[],
  ): EventId => {
    const server = sender.slice(sender.indexOf(':') + 1);
    const template = {
      ...about,
      sender: sender as UserId,
      roomId: chain.roomId,
      prevEvents: chain.last === undefined ? [] : [chain.last],
      authEvents,
      depth: state.length + 1,
      originServerTs: 1_760_000_000_000 + state.length,
    };
    const event = hashAndSignEvent(buildEvent(template, RULES), RULES, server, peers.keyOf(server));
    state.push(event);
    chain.last = eventIdIn(event);
    return chain.last;
  };
  const member = (user: string, authEvents: readonly EventId[]) => {
    const content = { membership: 'join', displayname: user.slice(1, user.indexOf(':')) };
    return add(user, { type: 'm.room.member', stateKey: user, content }, authEvents);
  };
  const create = { room_version: RULES.id, 'bench.name': name };
  const createId = add(creator, { type: 'm.room.create', stateKey: '', content: create }, []);
  chain.roomId = `!${createId.slice(1)}` as RoomId;
  const creatorJoin = member(creator, []);
  const levels = add(
    creator,
    { type: 'm.room.power_levels', stateKey: '', content: { users: {} } },
    [creatorJoin],
  );
  const rules = add(
    creator,
    { type: 'm.room.join_rules', stateKey: '', content: { join_rule: 'public' } },
    [creatorJoin, levels],
  );
  const authEvents = [levels, rules];
  for (let index = 1; index < members; index += 1) {
    member(`@member-${index}:${peers.names[index % peers.names.length]}`, authEvents);
  }
  // Canonical, and without the three that come once more as the auth chain.
  const answer = `"auth_chain":[${state.slice(0, 4).map(canonicalJson).join(',')}],"members_omitted":false,"origin":${JSON.stringify(resident)},"servers_in_room":${JSON.stringify(peers.names)},"state":[${state.map(canonicalJson).join(',')}]`;
  return {
    roomId: chain.roomId,
    resident,
    answer,
    events: state.length,
    authEvents,
    last: chain.last ?? createId,
    depth: state.length,
  };
}

/** Lets the peers take joins into their room, and what is sent to them afterwards. */
export function answerJoins(peers: PeerServers, rooms: ReadonlyMap<string, LargeRoom>): void {
  peers.answer = ({ path, body }: PeerRequest) => {
    const [, endpoint, roomId = '', userId = ''] = path;
    if (endpoint === 'send') return '{"pdus":{}}';
    const room = rooms.get(roomId);
    if (room === undefined) return undefined;
    if (endpoint === 'make_join') return makeJoin(room, userId);
    if (endpoint === 'send_join') return `{${room.answer},"event":${body || '{}'}}`;
    return undefined;
  };
}

function makeJoin(room: LargeRoom, userId: string): string {
  const template = {
    type: 'm.room.member',
    stateKey: userId,
    sender: userId as UserId,
    roomId: room.roomId as RoomId,
    content: { membership: 'join' },
    prevEvents: [room.last],
    authEvents: room.authEvents,
    depth: room.depth + 1,
    originServerTs: Date.now(),
  };
  const event = buildEvent(template, RULES);
  return canonicalJson({ event, room_version: RULES.id });
}
