import type { JsonValue, ServerName } from '@hansa/protocol';
import type { Session } from '@hansa/storage';
import type { Static, TObject, TSchema } from 'typebox';
import type { Answer, JsonBody, StreamAnswer } from './answer.ts';

/**
 * `none`: anybody may call. `token`: an access token of ours, checked before the body is read; the handler gets
 * `call.session`. `federation`: a request signed by another server (X-Matrix); the handler gets `call.origin`.
 */
export type RouteAuth = 'none' | 'token' | 'federation';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Reads one path segment, already percent-decoded, once. The identifier parsers of the core fit. */
export type ParamParser = (text: string) => ReadParam<unknown>;

export type ReadParam<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

export type ParamParsers = Readonly<Record<string, ParamParser>>;

/** What the parsers of a route give, by name. */
export type ParamsOf<P extends ParamParsers> = {
  readonly [Name in keyof P]: P[Name] extends (text: string) => ReadParam<infer T> ? T : never;
};

/** One endpoint, as its file declares it. `defineRoute` makes it a `Route`. */
export interface RouteDefinition<
  Auth extends RouteAuth,
  P extends ParamParsers,
  Q extends TObject,
  B extends TSchema,
> {
  readonly method: HttpMethod;
  /** As the specification writes it: `/_matrix/client/v3/rooms/{roomId}/leave`. Each name has a parser in `params`. */
  readonly path: string;
  readonly auth: Auth;
  /** A refusal answers 400 `M_INVALID_PARAM`. */
  readonly params?: P;
  /**
   * Members of strings, integers, booleans or arrays of those (a repeated parameter). Missing: 400 `M_MISSING_PARAM`;
   * wrong: 400 `M_INVALID_PARAM`; unknown ones are ignored.
   */
  readonly query?: Q;
  /** Without it no body is read. Not JSON: 400 `M_NOT_JSON`; not as the schema says: 400 `M_BAD_JSON`. */
  readonly body?: B;
  /** An empty body counts as `{}`; otherwise it is 400 `M_NOT_JSON`. */
  readonly emptyBody?: 'object';
  /** Refuse numbers that canonical JSON has no place for (fractions, exponents, beyond 2^53) with 400 `M_BAD_JSON`. */
  readonly canonicalBody?: true;
  /** The body is no JSON: the handler reads `call.upload` as it comes. It stands in place of `body`. */
  readonly upload?: true;
  /** Of the body; 1 MiB unless told. More answers 413 `M_TOO_LARGE`; of an upload the handler sees to it. */
  readonly maxBodyBytes?: number;
  /** A plain object is answered with 200. Refusals are thrown as `MatrixError`. */
  readonly handler: (
    call: Call<Auth, ParamsOf<P>, Static<Q>, Static<B>>,
  ) => Promise<Answer | StreamAnswer | JsonBody>;
}

/** The body of an upload. */
export interface Upload {
  /** `Content-Type` as it came. */
  readonly contentType: string | undefined;
  /** As the caller says; it need not be so. */
  readonly declaredBytes: number | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What a handler sees of a request: read, checked and authenticated. */
export type Call<Auth extends RouteAuth, Params, Query, Body> = {
  readonly params: Params;
  readonly query: Query;
  /** Lossless JSON (`NumberLiteral` for numbers that JavaScript would change); `undefined` where the route reads none. */
  readonly body: Body;
  /** What `body` was read from. */
  readonly bodyBytes: Uint8Array | undefined;
  /** Without bytes where the route reads none. */
  readonly upload: Upload;
  /** `Range` as it came. */
  readonly range: string | undefined;
  /** Stands in the log and in the header `X-Request-Id`. */
  readonly requestId: string;
  /** IP address that the connection comes from: the caller's, or that of a proxy before us. */
  readonly remoteAddress: string;
  /** Aborts when the caller hangs up and when the server stops. */
  readonly signal: AbortSignal;
} & (Auth extends 'token'
  ? { readonly session: Session }
  : Auth extends 'federation'
    ? { readonly origin: ServerName }
    : unknown);

/** A route in the table of an application, its types forgotten. Only `defineRoute` makes one. */
export interface Route {
  readonly method: HttpMethod;
  readonly path: string;
  readonly auth: RouteAuth;
  /** As declared. Without a schema for it no body is read. */
  readonly body: TSchema | undefined;
  readonly query: TObject | undefined;
  readonly maxBodyBytes: number;
  readonly upload: boolean;
  handle(call: UncheckedCall): Promise<Answer | StreamAnswer | JsonBody>;
}

/** A request whose caller is known and whose contents nobody has looked at. */
export interface UncheckedCall {
  readonly params: Readonly<Record<string, string>>;
  readonly search: URLSearchParams;
  /** `undefined` where no body came. */
  readonly body: JsonValue | undefined;
  readonly bodyBytes: Uint8Array | undefined;
  readonly upload: Upload;
  readonly range: string | undefined;
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly signal: AbortSignal;
  readonly session?: Session;
  readonly origin?: ServerName;
}
