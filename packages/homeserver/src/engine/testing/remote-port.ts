import { SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import type { EventId, JsonObject, Pdu, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { FederationPort, RemoteTemplate } from '../federation-port.ts';
import type { StoredEvent } from '../room-views.ts';
import type { TestServer } from './test-server.ts';

const ALL = { stopAt: new Set<EventId>(), minDepth: 0 };

/** What the routes of the federation API make of the engine's answers, without HTTP between. */
export function remotePort(
  caller: ServerName,
  reach: (target: ServerName, request: string) => TestServer,
  answered: (request: string) => Promise<void>,
  withheld: ReadonlySet<EventId>,
): FederationPort {
  const make = async (
    target: ServerName,
    roomId: RoomId,
    userId: UserId,
    membership: 'join' | 'leave' | 'knock',
  ): Promise<RemoteTemplate> =>
    reach(target, `make_${membership}`).engine.makeMembership({
      origin: caller,
      roomId,
      userId,
      membership,
      supportedVersions: SUPPORTED_ROOM_VERSIONS,
    });
  const submission = (pdu: Pdu) => ({
    origin: caller,
    roomId: pdu.roomId,
    eventId: pdu.eventId,
    event: pdu.json,
  });
  return {
    makeJoin: (target, roomId, userId) => make(target, roomId, userId, 'join'),
    makeLeave: (target, roomId, userId) => make(target, roomId, userId, 'leave'),
    async sendJoin(target, pdu) {
      const joined = await reach(target, 'send_join').engine.acceptJoin(submission(pdu));
      await answered('send_join');
      return {
        state: joined.state.map(jsonOf),
        authChain: joined.authChain.map(jsonOf),
        event: joined.event.json,
      };
    },
    async sendLeave(target, pdu) {
      await reach(target, 'send_leave').engine.acceptLeave(submission(pdu));
    },
    makeKnock: (target, roomId, userId) => make(target, roomId, userId, 'knock'),
    async sendKnock(target, pdu) {
      const shown = await reach(target, 'send_knock').engine.acceptKnock(submission(pdu));
      await answered('send_knock');
      return shown;
    },
    async invite(target, pdu, inviteState) {
      const signed = await reach(target, 'invite').engine.receiveInvite({
        ...submission(pdu),
        rules: pdu.rules,
        inviteState,
        via: [caller],
      });
      await answered('invite');
      return signed;
    },
    async getMissingEvents(target, { roomId, earliest, latest, limit, minDepth }) {
      const { views } = reach(target, 'get_missing_events');
      const found = await views.walkBack({
        roomId,
        from: latest,
        stopAt: new Set(earliest),
        minDepth,
        limit: limit + latest.length,
      });
      const missing = found.filter(
        ({ pdu: { eventId } }) => !latest.includes(eventId) && !withheld.has(eventId),
      );
      return missing.map(eventJson).toReversed();
    },
    async backfill(target, roomId, from, limit) {
      const { views } = reach(target, 'backfill');
      return (await views.walkBack({ ...ALL, roomId, from, limit })).map(eventJson);
    },
    async stateIds(target, roomId, eventId) {
      const state = await stateBefore(reach(target, 'state_ids'), roomId, eventId);
      return { state: state.state.map(idOf), authChain: state.authChain.map(idOf) };
    },
    async state(target, roomId, eventId) {
      const { state, authChain } = await stateBefore(reach(target, 'state'), roomId, eventId);
      return { state: state.map(jsonOf), authChain: authChain.map(jsonOf) };
    },
    async event(target, eventId) {
      const { views } = reach(target, 'event');
      const roomId = await views.findRoomOf(eventId);
      const event = roomId && (await views.findEvent(roomId, eventId));
      return event?.pdu.json;
    },
  };
}

async function stateBefore(
  { views }: TestServer,
  roomId: RoomId,
  eventId: EventId,
): Promise<{ readonly state: readonly Pdu[]; readonly authChain: readonly Pdu[] }> {
  const state = await (await views.stateBefore(roomId, eventId)).list();
  return { state, authChain: await views.authChain(roomId, state.map(idOf)) };
}

function idOf({ eventId }: Pdu): EventId {
  return eventId;
}

function jsonOf({ json }: Pdu): JsonObject {
  return json;
}

function eventJson({ pdu }: StoredEvent): JsonObject {
  return pdu.json;
}
