import { parseRoomId, parseUserId } from '@hansa/protocol';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { makeTemplate } from './make-template.ts';
import type { TemplatePorts } from './make-template.ts';

/** `GET /make_leave/{roomId}/{userId}`: also how an invite is rejected from afar. */
export function makeLeave(ports: TemplatePorts): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/make_leave/{roomId}/{userId}',
    auth: 'federation',
    params: { roomId: parseRoomId, userId: parseUserId },
    handler: async ({ origin, params }) =>
      await makeTemplate(ports, { origin, ...params, membership: 'leave', supportedVersions: [] }),
  });
}
