import { addAbortSignal, Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson } from '@hansa/protocol';
import type { JsonValue, Parsed } from '@hansa/protocol';
import { notJson } from '../matrix-error.ts';
import type { Log } from '../log.ts';
import { StreamAnswer, type Answer, type JsonBody } from './answer.ts';
import { guardOf } from './authenticate.ts';
import type { Authenticators, Caller } from './authenticate.ts';
import type { CallsUnderWay } from './calls-under-way.ts';
import { parsePeerJson } from './peer-json.ts';
import type { Route, Upload } from './route.ts';
import { sendAnswer } from './send-answer.ts';
import { sendStream } from './send-stream.ts';

/** The path of the specification in the router's notation. */
export function routerPath(path: string): string {
  return path.replaceAll(/\{([A-Za-z]+)\}/g, ':$1');
}

/** What all routes of an application share. */
interface RouteSurroundings {
  readonly authenticators: Authenticators;
  readonly underWay: CallsUnderWay;
  readonly log: Log;
}

export function addRoute(
  app: FastifyInstance,
  route: Route,
  { authenticators, underWay, log }: RouteSurroundings,
): void {
  const guard = guardOf(route, authenticators);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const declaredTypes = new WeakMap<FastifyRequest, string | undefined>();
  const readsBody = route.body !== undefined || route.auth === 'federation';
  app.route({
    method: route.method,
    url: routerPath(route.path),
    bodyLimit: route.maxBodyBytes,
    onRequest: async (request) => {
      if (route.upload) declaredTypes.set(request, hideType(request));
      callers.set(request, await guard.beforeBody(request.headers.authorization));
    },
    handler: async (request, reply) => {
      const bodyBytes = readsBody ? bytesOf(request.body) : undefined;
      const body = bodyBytes && readJson(bodyBytes, route);
      const signer = await guard.afterBody({
        method: request.method,
        uri: request.raw.url ?? '',
        authorization: request.headers.authorization,
        content: body,
      });
      const signal = underWay.signalOf(reply.raw);
      const answering: Promise<Answer | StreamAnswer | JsonBody> = route.handle({
        ...callers.get(request),
        ...signer,
        params: request.params as Readonly<Record<string, string>>,
        search: searchOf(request.raw.url ?? ''),
        body,
        bodyBytes,
        upload: uploadOf(request, declaredTypes.get(request), signal),
        range: request.headers.range,
        requestId: request.id,
        remoteAddress: request.ip,
        signal,
      });
      const answer = await answering.finally(() => {
        // What is left of an upload goes nowhere. Most clients read no answer before they have sent everything.
        if (route.upload) request.raw.resume();
      });
      return answer instanceof StreamAnswer
        ? sendStream(reply, answer, { log, requestId: request.id, signal })
        : sendAnswer(reply, answer);
    },
  });
}

function bytesOf(body: unknown): Uint8Array | undefined {
  return body instanceof Uint8Array && body.byteLength > 0 ? body : undefined;
}

/** An upload's type is its handler's to judge; the framework would refuse what it cannot read. */
function hideType({ raw: { headers } }: FastifyRequest): string | undefined {
  const declared = headers['content-type'];
  headers['content-type'] = 'application/octet-stream';
  return declared;
}

/** The parser of uploads leaves the body as it is: a stream. */
function uploadOf(
  { body, headers }: FastifyRequest,
  contentType: string | undefined,
  signal: AbortSignal,
): Upload {
  // A stop waits for no upload: nobody knows when it would end.
  if (body instanceof Readable) addAbortSignal(signal, body);
  const length = headers['content-length'];
  return {
    contentType,
    declaredBytes: length === undefined ? undefined : Number(length),
    // Who leaves it unread does not hang up on the caller, who is to be told why.
    bytes: body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : Readable.from([]),
  };
}

function readJson(bytes: Uint8Array, { auth, maxBodyBytes: maxBytes }: Route): JsonValue {
  const result: Parsed<JsonValue> =
    auth === 'federation' ? parsePeerJson(bytes, maxBytes) : parseJson(bytes, { maxBytes });
  if (!result.ok) throw notJson(`The body is not JSON: ${result.reason}`);
  return result.value;
}

function searchOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}
