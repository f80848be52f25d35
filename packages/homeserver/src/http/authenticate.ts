import type { JsonValue, ServerName } from '@hansa/protocol';
import type { Session } from '@hansa/storage';
import { unauthorized } from '../matrix-error.ts';
import { bearerToken } from './bearer-token.ts';
import type { Route } from './route.ts';

/** Who a caller is. A route whose kind of authentication has no entry here stops the start. */
export interface Authenticators {
  /** Throws 401 `M_UNKNOWN_TOKEN`. */
  readonly token?: (token: string) => Promise<Session>;
  /**
   * Asked before the body is read, which may be large: throws 401 `M_UNAUTHORIZED` where the header alone tells that no
   * signature holds.
   */
  readonly federationHeader?: (authorization: string) => Promise<void>;
  /** Throws 401 `M_UNAUTHORIZED`. */
  readonly federation?: (request: SignedRequest) => Promise<ServerName>;
}

/** What an X-Matrix signature covers, and its header. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as they came, percent-encoding untouched. */
  readonly uri: string;
  readonly authorization: string;
  /** `undefined` where no body came. */
  readonly content: JsonValue | undefined;
}

export interface Caller {
  readonly session?: Session;
  readonly origin?: ServerName;
}

/** The two moments at which a caller is checked: before its body is read, and, where the body is signed, after. */
export interface Guard {
  beforeBody(authorization: string | undefined): Promise<Caller>;
  afterBody(
    request: Omit<SignedRequest, 'authorization'> & { readonly authorization: string | undefined },
  ): Promise<Caller>;
}

const NOBODY: Caller = {};

/** Throws where the route declares no authentication that we can do: a mistake of ours, found at start. */
export function guardOf(route: Route, authenticators: Authenticators): Guard {
  const { token, federation, federationHeader } = authenticators;
  if (route.auth === 'none') {
    return { beforeBody: async () => NOBODY, afterBody: async () => NOBODY };
  }
  if (route.auth === 'token' && token !== undefined) {
    return {
      beforeBody: async (authorization) => ({ session: await token(bearerToken(authorization)) }),
      afterBody: async () => NOBODY,
    };
  }
  if (route.auth === 'federation' && federation !== undefined) {
    return {
      // Unsigned callers cannot make us read their bodies.
      beforeBody: async (authorization) => {
        const header = present(authorization);
        await federationHeader?.(header);
        return NOBODY;
      },
      afterBody: async (request) => ({
        origin: await federation({ ...request, authorization: present(request.authorization) }),
      }),
    };
  }
  throw new TypeError(`${route.method} ${route.path}: nobody can authenticate "${route.auth}"`);
}

function present(authorization: string | undefined): string {
  if (authorization === undefined) throw unauthorized('This request must be signed (X-Matrix).');
  return authorization;
}
