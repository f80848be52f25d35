import { parseRoomId, parseUserId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { makeTemplate } from './make-template.ts';
import type { TemplatePorts } from './make-template.ts';

/** What a server understands that says nothing of versions. */
const UNNAMED_VERSIONS = ['1'];

/** `GET /make_join/{roomId}/{userId}` */
export function makeJoin(ports: TemplatePorts): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/make_join/{roomId}/{userId}',
    auth: 'federation',
    params: { roomId: parseRoomId, userId: parseUserId },
    query: Type.Object({
      ver: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 100 })),
    }),
    handler: async ({ origin, params, query }) =>
      await makeTemplate(ports, {
        origin,
        ...params,
        membership: 'join',
        supportedVersions: query.ver ?? UNNAMED_VERSIONS,
      }),
  });
}
