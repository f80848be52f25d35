import { RemoteServerError } from '@hansa/net';
import type { AnswerLimits, IncomingAnswer, Transport } from '@hansa/net';
import { canonicalJson, isObject, member, signRequest } from '@hansa/protocol';
import type { JsonObject, JsonValue, ServerName } from '@hansa/protocol';
import type { Static, TSchema } from 'typebox';
import { compileSchema, parsePeerJson } from '../http/index.ts';
import type { OwnIdentity } from '../own-identity.ts';

const DEFAULT_LIMITS: AnswerLimits = { maxBytes: 1024 * 1024, timeoutMs: 30_000 };
export const USER_AGENT = 'Hansa';
/** Of a refusal: a larger one is of no server that means it. */
export const MAX_REFUSAL_BYTES = 64 * 1024;
/** What may be one. It goes into the log, and to our users in the words of an error. */
const ERRCODE = /^[A-Za-z0-9_.-]{1,100}$/;

export interface FederationCall {
  readonly server: ServerName;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query as they go out; see `requestPath`. */
  readonly path: string;
  readonly content?: JsonObject;
  readonly limits?: Partial<AnswerLimits>;
  readonly signal?: AbortSignal;
}

/** Reads the JSON of a 200 answer; throws a `RemoteServerError` where it is not as the endpoint's should be. */
export type ReadAnswer<T> = (answer: JsonValue, server: ServerName) => T;

/** Checks by a schema, which bounds every list in it. */
export function answerOf<S extends TSchema>(schema: S): ReadAnswer<Static<S>> {
  const findFault = compileSchema(schema);
  return (answer, server) => {
    const fault = findFault(answer);
    if (fault !== undefined) throw badAnswer(server, fault.message);
    return answer as Static<S>;
  };
}

/** Another server answered, and not in the way that its endpoint should. */
export function badAnswer(server: ServerName, what: string): RemoteServerError {
  return new RemoteServerError(`${server}: unusable answer: ${what}`, {
    server,
    reachable: true,
    transient: false,
    status: 200,
  });
}

/** Requests to other servers, signed as ours. Source: server-server API, "Request Authentication". */
export class FederationHttp {
  readonly #own: OwnIdentity;
  readonly #transport: Pick<Transport, 'request'>;

  constructor(ports: {
    readonly own: OwnIdentity;
    readonly transport: Pick<Transport, 'request'>;
  }) {
    this.#own = ports.own;
    this.#transport = ports.transport;
  }

  async call<T>(call: FederationCall, read: ReadAnswer<T>): Promise<T> {
    const { server, method, path, content } = call;
    const { serverName, signingKey } = this.#own;
    const authorization = signRequest(
      {
        method,
        uri: path,
        origin: serverName,
        destination: server,
        ...(content === undefined ? {} : { content }),
      },
      signingKey,
    );
    return await this.#send(call, { authorization }, read);
  }

  /** The same for what the server may not have: `undefined` where it answers 404. */
  async find<T>(call: FederationCall, read: ReadAnswer<T>): Promise<T | undefined> {
    try {
      return await this.call(call, read);
    } catch (error) {
      if (error instanceof RemoteServerError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** For what is public. */
  async callUnsigned<T>(call: FederationCall, read: ReadAnswer<T>): Promise<T> {
    return await this.#send(call, {}, read);
  }

  async #send<T>(
    { server, method, path, content, limits, signal }: FederationCall,
    headers: Readonly<Record<string, string>>,
    read: ReadAnswer<T>,
  ): Promise<T> {
    const bounds = { ...DEFAULT_LIMITS, ...limits };
    const answer = await this.#transport.request({
      server,
      method,
      path,
      headers: {
        ...headers,
        'user-agent': USER_AGENT,
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(content === undefined ? {} : { body: canonicalJson(content) }),
      limits: bounds,
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer.status !== 200) throw refusalOf(server, answer);
    const json = parsePeerJson(answer.body, bounds.maxBytes);
    if (!json.ok) throw badAnswer(server, json.reason);
    return read(json.value, server);
  }
}

/** What another server answered in place of what was asked for. */
export function refusalOf(server: ServerName, { status, body }: IncomingAnswer): RemoteServerError {
  const json = parsePeerJson(body, MAX_REFUSAL_BYTES);
  const object = json.ok && isObject(json.value) ? json.value : undefined;
  const errcode = object && errcodeOf(object);
  return new RemoteServerError(
    `${server} answered ${status}${errcode === undefined ? '' : ` ${errcode}`}`,
    {
      server,
      reachable: true,
      transient: status >= 500 || status === 429 || status === 408,
      status,
      ...(errcode === undefined ? {} : { errcode }),
      ...(object === undefined ? {} : { body: object }),
    },
  );
}

function errcodeOf(refusal: JsonObject): string | undefined {
  const errcode = member(refusal, 'errcode');
  return typeof errcode === 'string' && ERRCODE.test(errcode) ? errcode : undefined;
}
