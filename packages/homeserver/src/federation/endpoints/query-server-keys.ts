import type { JsonObject, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { AnyObject } from '../../http/index.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';

/** Of one server: a notary may keep several, of which each has other keys. */
const MAX_DOCUMENTS = 16;
/** A notary may have to find out first that the server does not answer it either. */
const LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 20_000 };

const readAnswer = answerOf(
  Type.Object({ server_keys: Type.Array(AnyObject, { maxItems: MAX_DOCUMENTS }) }),
);

/** `POST /_matrix/key/v2/query`: documents of one server as they are; nothing in them is checked. */
export async function queryServerKeys(
  http: FederationHttp,
  notary: ServerName,
  server: ServerName,
): Promise<readonly JsonObject[]> {
  const path = '/_matrix/key/v2/query';
  const content = { server_keys: Object.fromEntries([[server, {}]]) };
  const call = { server: notary, method: 'POST' as const, path, content, limits: LIMITS };
  return (await http.callUnsigned(call, readAnswer)).server_keys;
}
