import { missingToken } from '../matrix-error.ts';

const BEARER = /^Bearer +(\S+)$/i;

/**
 * The access token of a request, from the header alone: a token in the query string ends up in logs, and is on its way
 * out of the specification. Throws 401 `M_MISSING_TOKEN`. Source: client-server API, "Using access tokens".
 */
export function bearerToken(authorization: string | undefined): string {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined) throw missingToken();
  return token;
}
