import { parseRoomId, parseUserId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute, type Route } from '../../http/index.ts';
import { makeTemplate, type TemplatePorts } from './make-template.ts';

/** `GET /make_knock/{roomId}/{userId}` */
export function makeKnock(ports: TemplatePorts): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/make_knock/{roomId}/{userId}',
    auth: 'federation',
    params: { roomId: parseRoomId, userId: parseUserId },
    query: Type.Object({ ver: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 100 }) }),
    handler: async ({ origin, params, query }) =>
      await makeTemplate(ports, {
        origin,
        ...params,
        membership: 'knock',
        supportedVersions: query.ver,
      }),
  });
}
