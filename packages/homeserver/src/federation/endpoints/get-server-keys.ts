import type { JsonValue, ServerName } from '@hansa/protocol';
import type { FederationHttp } from '../federation-http.ts';

const LIMITS = { maxBytes: 256 * 1024, timeoutMs: 15_000 };

/** `GET /_matrix/key/v2/server`: the document as it is; `parseServerKeys` reads and checks it. */
export async function getServerKeys(http: FederationHttp, server: ServerName): Promise<JsonValue> {
  const path = '/_matrix/key/v2/server';
  return await http.callUnsigned(
    { server, method: 'GET', path, limits: LIMITS },
    (answer) => answer,
  );
}
