import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson } from '@hansa/protocol';
import type { JsonValue, Parsed } from '@hansa/protocol';
import { notJson } from '../matrix-error.ts';
import type { Answer, JsonBody } from './answer.ts';
import { guardOf } from './authenticate.ts';
import type { Authenticators, Caller } from './authenticate.ts';
import type { CallsUnderWay } from './calls-under-way.ts';
import { parsePeerJson } from './peer-json.ts';
import type { Route } from './route.ts';
import { sendAnswer } from './send-answer.ts';

/** The path of the specification in the router's notation. */
export function routerPath(path: string): string {
  return path.replaceAll(/\{([A-Za-z]+)\}/g, ':$1');
}

export function addRoute(
  app: FastifyInstance,
  route: Route,
  authenticators: Authenticators,
  underWay: CallsUnderWay,
): void {
  const guard = guardOf(route, authenticators);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const readsBody = route.body !== undefined || route.auth === 'federation';
  app.route({
    method: route.method,
    url: routerPath(route.path),
    bodyLimit: route.maxBodyBytes,
    onRequest: async (request) => {
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
      const answer: Answer | JsonBody = await route.handle({
        ...callers.get(request),
        ...signer,
        params: request.params as Readonly<Record<string, string>>,
        search: searchOf(request.raw.url ?? ''),
        body,
        bodyBytes,
        requestId: request.id,
        remoteAddress: request.ip,
        signal: underWay.signalOf(reply.raw),
      });
      return sendAnswer(reply, answer);
    },
  });
}

function bytesOf(body: unknown): Uint8Array | undefined {
  return body instanceof Uint8Array && body.byteLength > 0 ? body : undefined;
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
