import { parseAuthorization, verifyRequest } from '@hansa/protocol';
import type { ServerName, VerifyKey, XMatrix } from '@hansa/protocol';
import type { Authenticators } from '../../http/index.ts';
import { unauthorized } from '../../matrix-error.ts';
import type { KeyRing } from './key-ring.ts';

interface Ports {
  readonly serverName: ServerName;
  readonly keyRing: Pick<KeyRing, 'findRequestKey'>;
  /** Servers older than Matrix 1.3 do not say whom a request is for; then it may be one to another, played back. */
  readonly requireDestination: boolean;
}

/**
 * Which server has signed a request. Everything that fails is 401 `M_UNAUTHORIZED`; no key is fetched for a request that is
 * not for us. Source: server-server API, "Request Authentication".
 */
export function createRequestAuthenticator(
  ports: Ports,
): NonNullable<Authenticators['federation']> {
  return async ({ method, uri, authorization, content }) => {
    const { header, key } = await findKey(ports, authorization);
    const request = {
      method,
      uri,
      destination: ports.serverName,
      ...(content === undefined ? {} : { content }),
    };
    const decision = verifyRequest(request, header, key);
    if (!decision.ok) throw unauthorized(decision.reason);
    return header.origin;
  };
}

/**
 * What can be told of a request before its body is read: whether it is for us, and signed by a key that its server has. So
 * nobody makes us hold a large body while we look for a server that is not there.
 */
export function createHeaderCheck(ports: Ports): NonNullable<Authenticators['federationHeader']> {
  return async (authorization) => {
    await findKey(ports, authorization);
  };
}

async function findKey(
  { serverName, keyRing, requireDestination }: Ports,
  authorization: string,
): Promise<{ readonly header: XMatrix; readonly key: VerifyKey }> {
  const header = parseAuthorization(authorization);
  if (!header.ok) throw unauthorized(header.reason);
  const { origin, destination, key: keyId } = header.value;
  if (destination !== undefined && destination !== serverName) {
    throw unauthorized(`The request is for ${destination}, and this is ${serverName}.`);
  }
  if (destination === undefined && requireDestination) {
    throw unauthorized('The request does not say whom it is for: "destination" is missing.');
  }
  const key = await keyRing.findRequestKey(origin, keyId);
  if (key.ok !== true) throw unauthorized(key.reason);
  return { header: header.value, key: key.value };
}
