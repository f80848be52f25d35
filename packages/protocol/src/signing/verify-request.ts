import { ALLOWED, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import { decodeBase64 } from '../json/base64.ts';
import { canonicalJsonBytes } from '../json/canonical.ts';
import { requestJson } from './request-json.ts';
import type { FederationRequest } from './request-json.ts';
import type { VerifyKey } from './verify-key.ts';
import { isUnderstood } from './verify-signature.ts';
import type { XMatrix } from './x-matrix.ts';

/**
 * Whether the header's origin has signed the request that arrived here (rules `XM-7` to `XM-9`). `request.destination` is our own
 * name; its `origin` comes from the header. The caller finds the key, by `keyForRequest`, and answers 401 to a refusal.
 */
export function verifyRequest(
  request: Omit<FederationRequest, 'origin'>,
  authorization: XMatrix,
  key: VerifyKey,
): Decision {
  const { origin, destination, sig } = authorization;
  if (destination !== undefined && destination !== request.destination) {
    return refused('XM-7', 'Authorization: destination: not this server');
  }
  if (!isUnderstood(authorization.key)) {
    return refused('XM-8', 'Authorization: key: not of the algorithm ed25519');
  }
  const signature = decodeBase64(sig);
  if (signature === undefined) return refused('XM-8', 'Authorization: sig: not Base64');
  return key.verify(canonicalJsonBytes(requestJson({ ...request, origin })), signature)
    ? ALLOWED
    : refused('XM-9', 'Authorization: sig: the signature does not verify');
}
