import { encodeBase64 } from '../json/base64.ts';
import { canonicalJsonBytes } from '../json/canonical.ts';
import { requestJson } from './request-json.ts';
import type { FederationRequest } from './request-json.ts';
import type { SigningKey } from './signing-key.ts';
import { formatAuthorization } from './x-matrix.ts';

/** The value of the `Authorization` header for a request of ours. Source: server-server API, "Request Authentication". */
export function signRequest(request: FederationRequest, key: SigningKey): string {
  const signature = key.sign(canonicalJsonBytes(requestJson(request)));
  return formatAuthorization({
    origin: request.origin,
    destination: request.destination,
    key: key.keyId,
    sig: encodeBase64(signature),
  });
}
