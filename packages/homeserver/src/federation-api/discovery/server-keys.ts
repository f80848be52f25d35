import type { Clock } from '@hansa/net';
import { publishServerKeys } from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { OwnIdentity } from '../../own-identity.ts';

const HOUR_MS = 3_600_000;
const VALID_MS = 24 * HOUR_MS;
/** Nobody can make us sign more often. */
const RENEW_AFTER_MS = HOUR_MS;

/** `GET /_matrix/key/v2/server`, valid for 23 hours at least. Source: server-server API, "Publishing Keys". */
export function serverKeys(ports: { readonly own: OwnIdentity; readonly clock: Clock }): Route {
  let document: JsonObject | undefined;
  let signedAt = Number.NEGATIVE_INFINITY;
  return defineRoute({
    method: 'GET',
    path: '/_matrix/key/v2/server',
    auth: 'none',
    handler: async () => {
      const now = ports.clock.now();
      if (document === undefined || now - signedAt >= RENEW_AFTER_MS) {
        document = sign(ports.own, now + VALID_MS);
        signedAt = now;
      }
      return document;
    },
  });
}

function sign(
  { serverName, signingKey, retiredKeys }: OwnIdentity,
  validUntilTs: number,
): JsonObject {
  return publishServerKeys({ serverName, keys: [signingKey], retired: retiredKeys, validUntilTs });
}
