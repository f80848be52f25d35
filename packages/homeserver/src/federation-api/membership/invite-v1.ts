import {
  getRoomVersion,
  isArray,
  isObject,
  member,
  parseEventId,
  parseRoomId,
} from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { MAX_INVITE_STATE } from './invite-v2.ts';
import type { InvitePorts } from './invite-v2.ts';
import { requireInvitedUser } from './require-invited-user.ts';

/** `PUT /v1/invite/{roomId}/{eventId}`, of rooms of version 1 or 2, whose events look the same. */
export function inviteV1(ports: InvitePorts): Route {
  const { engine, access } = ports;
  const rules = getRoomVersion('1');
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/federation/v1/invite/{roomId}/{eventId}',
    auth: 'federation',
    params: { roomId: parseRoomId, eventId: parseEventId },
    body: AnyObject,
    handler: async ({ origin, params, body }) => {
      await access.requireNotDenied(params.roomId, origin);
      await requireInvitedUser(ports, body);
      const inviteState = inviteStateOf(body);
      const invite = { origin, ...params, rules, event: body, inviteState, via: [origin] };
      return [200, { event: await engine.receiveInvite(invite) }];
    },
  });
}

function inviteStateOf(event: JsonObject): readonly JsonObject[] {
  const unsigned = member(event, 'unsigned');
  const state = isObject(unsigned) ? member(unsigned, 'invite_room_state') : undefined;
  return isArray(state) ? state.filter(isObject).slice(0, MAX_INVITE_STATE) : [];
}
