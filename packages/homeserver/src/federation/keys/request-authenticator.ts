import { parseAuthorization, verifyRequest } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { Authenticators } from '../../http/index.ts';
import { unauthorized } from '../../matrix-error.ts';
import type { KeyRing } from './key-ring.ts';

/**
 * Which server has signed a request. Everything that fails is 401 `M_UNAUTHORIZED`; no key is fetched for a request that is
 * not for us. Source: server-server API, "Request Authentication".
 */
export function createRequestAuthenticator(ports: {
  readonly serverName: ServerName;
  readonly keyRing: Pick<KeyRing, 'findRequestKey'>;
}): NonNullable<Authenticators['federation']> {
  const { serverName, keyRing } = ports;
  return async ({ method, uri, authorization, content }) => {
    const header = parseAuthorization(authorization);
    if (!header.ok) throw unauthorized(header.reason);
    const { origin, destination, key: keyId } = header.value;
    if (destination !== undefined && destination !== serverName) {
      throw unauthorized(`The request is for ${destination}, and this is ${serverName}.`);
    }
    const key = await keyRing.findRequestKey(origin, keyId);
    if (key.ok !== true) throw unauthorized(key.reason);
    const request = {
      method,
      uri,
      destination: serverName,
      ...(content === undefined ? {} : { content }),
    };
    const decision = verifyRequest(request, header.value, key.value);
    if (!decision.ok) throw unauthorized(decision.reason);
    return origin;
  };
}
