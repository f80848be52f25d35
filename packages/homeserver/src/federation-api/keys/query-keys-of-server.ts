import type { Clock } from '@hansa/net';
import { parseServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { Notary } from './notary.ts';

/** `GET /_matrix/key/v2/query/{serverName}` */
export function queryKeysOfServer(notary: Notary, clock: Clock): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/key/v2/query/{serverName}',
    auth: 'none',
    params: { serverName: parseServerName },
    query: Type.Object({ minimum_valid_until_ts: Type.Optional(Type.Integer({ minimum: 0 })) }),
    handler: async ({ params: { serverName: server }, query }) => {
      const validUntilTs = query.minimum_valid_until_ts ?? clock.now();
      return { server_keys: await notary.tell([{ server, validUntilTs }]) };
    },
  });
}
