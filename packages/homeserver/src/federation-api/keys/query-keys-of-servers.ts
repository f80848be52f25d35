import type { Clock } from '@hansa/net';
import { isObject, isServerName, member } from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
import { Type } from 'typebox';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { badJson } from '../../matrix-error.ts';
import type { KeyQuestion, Notary } from './notary.ts';

const MAX_SERVERS = 100;
/** Of one server; a key document names 128 at most. */
const MAX_KEYS = 256;

/** `POST /_matrix/key/v2/query` */
export function queryKeysOfServers(notary: Notary, clock: Clock): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/key/v2/query',
    auth: 'none',
    body: Type.Object({ server_keys: AnyObject }),
    handler: async ({ body }) => ({
      server_keys: await notary.tell(readQuestions(body.server_keys, clock.now())),
    }),
  });
}

function readQuestions(asked: JsonObject, now: number): readonly KeyQuestion[] {
  const servers = Object.keys(asked);
  if (servers.length > MAX_SERVERS) {
    throw badJson(`body: server_keys has at most ${MAX_SERVERS} servers`);
  }
  return servers.map((server) => {
    const where = `body: server_keys[${JSON.stringify(server)}]`;
    if (!isServerName(server)) throw badJson(`${where} is not a server name`);
    const keys = member(asked, server);
    if (!isObject(keys)) throw badJson(`${where} must be an object`);
    return { server, validUntilTs: latestOf(keys, where) ?? now };
  });
}

/** One document has all of a server's keys: it is to be valid for as long as any of them is wanted. */
function latestOf(keys: JsonObject, where: string): number | undefined {
  const keyIds = Object.keys(keys);
  if (keyIds.length > MAX_KEYS) throw badJson(`${where} has at most ${MAX_KEYS} keys`);
  let latest: number | undefined;
  for (const keyId of keyIds) {
    const criteria = member(keys, keyId);
    if (!isObject(criteria)) throw badJson(`${where}[${JSON.stringify(keyId)}] must be an object`);
    const wanted = member(criteria, 'minimum_valid_until_ts');
    if (wanted === undefined) continue;
    if (typeof wanted !== 'number') {
      throw badJson(`${where}[${JSON.stringify(keyId)}].minimum_valid_until_ts must be a time`);
    }
    latest = Math.max(latest ?? wanted, wanted);
  }
  return latest;
}
