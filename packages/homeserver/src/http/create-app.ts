import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { MatrixError, stopping, unsupportedType } from '../matrix-error.ts';
import { addRoute, routerPath } from './add-route.ts';
import { Answer } from './answer.ts';
import type { Authenticators } from './authenticate.ts';
import { CallsUnderWay } from './calls-under-way.ts';
import { corsHeaders } from './cors.ts';
import { errorResponse } from './error-response.ts';
import { refuseConnection } from './refuse-connection.ts';
import type { Route } from './route.ts';
import { sendAnswer } from './send-answer.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** Of one path segment as it is sent: 255 bytes, each percent-encoded, and room to tell what is wrong with longer ones. */
const MAX_SEGMENT_CHARS = 1024;
/** To read a request, headers and body. Node gives the headers alone a minute in any case. */
const REQUEST_TIMEOUT_MS = 60_000;
/** The same where files are uploaded, over slow lines too: 50 MiB in this time are 90 kB a second. */
const UPLOAD_TIMEOUT_MS = 600_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** Of one listener. Somebody who waits for news holds one or two; what comes beyond it is hung up on. */
const MAX_CONNECTIONS = 5_000;

/** A request that was answered. */
export interface AnsweredCall {
  readonly method: string;
  /** With names in place of values, as the router has it; `unknown` where there is no such endpoint. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly authenticators: Authenticators;
  readonly log: Log;
  /** PEM; plain HTTP without it. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Told of each request when it is answered. */
  readonly answered?: ((call: AnsweredCall) => void) | undefined;
  /** At a time; 5,000 unless told. */
  readonly maxConnections?: number;
  /** Ranges of addresses, such as `127.0.0.1/32`, that say in `X-Forwarded-For` whom they ask for; nobody is believed without it. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/**
 * The HTTP face of a server: client and federation routes, on one listener or on several. Unknown paths answer 404 and
 * known ones with another method 405, both `M_UNRECOGNIZED`; CORS stands on every answer of the client API.
 * `app.listen` starts it, `app.close` ends it: calls under way see their signal abort and are waited for.
 */
export function createApp(options: AppOptions): FastifyInstance {
  const { routes, authenticators, log, maxConnections = MAX_CONNECTIONS, answered } = options;
  const underWay = new CallsUnderWay();
  const sendError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendAnswer(reply, errorResponse(error, { requestId: request.id, log }));
  const timeoutMs = routes.some(({ upload }) => upload) ? UPLOAD_TIMEOUT_MS : REQUEST_TIMEOUT_MS;
  const app = createFastify(options, timeoutMs, (error, request, reply) => {
    // The path cannot be percent-decoded, so it names nothing that we have.
    sendError(unrecognized(404, error), request, reply.headers(corsHeaders(request.raw.url ?? '')));
  });
  app.server.maxConnections = maxConnections;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // No endpoint takes several parts, so no byte of them is read. Of other types clients say what they like.
  app.addContentTypeParser(/^multipart\//i, (_request, _body, done) => done(unsupportedType()));
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    underWay.abortAll();
  });
  // A connection that is kept after its last answer would keep us for as long as its caller likes.
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onRequest', async (request, reply) => {
    const url = request.raw.url ?? '';
    reply.headers(corsHeaders(url)).header('x-request-id', request.id);
    if (closing) throw stopping();
    if (!url.startsWith('/') && url !== '*') throw unrecognized(400);
    return request.method === 'OPTIONS' ? sendAnswer(reply, new Answer(200, {})) : undefined;
  });
  if (answered !== undefined) {
    app.addHook(
      'onResponse',
      async ({ method, routeOptions }, { statusCode: status, elapsedTime }) => {
        answered({
          method,
          route: routeOptions.url ?? 'unknown',
          status,
          seconds: elapsedTime / 1000,
        });
      },
    );
  }
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => sendError(unrecognized(404), request, reply));
  const surroundings = { authenticators, underWay, log };
  for (const route of routes) {
    if (!route.upload) addRoute(app, route, surroundings);
  }
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    for (const route of routes) {
      if (route.upload) addRoute(scope, route, surroundings);
    }
  });
  for (const [path, unknown] of unknownMethods(routes)) {
    app.route({
      method: unknown,
      url: path,
      handler: (request, reply) => sendError(unrecognized(405), request, reply),
    });
  }
  return app;
}

function createFastify(
  { tls, trustedProxies = [] }: Pick<AppOptions, 'tls' | 'trustedProxies'>,
  requestTimeout: number,
  frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => void,
): FastifyInstance {
  let lastRequest = 0;
  const options = {
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle' as const,
    genReqId: () => (lastRequest += 1).toString(36),
    routerOptions: { maxParamLength: MAX_SEGMENT_CHARS },
    clientErrorHandler: refuseConnection,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Its own answer is no Matrix error; ours is.
    return503OnClosing: false,
  };
  if (tls === undefined) return fastify({ ...options, frameworkErrors });
  // Their types differ in the socket alone, which nothing here looks at.
  const secure = { ...options, https: tls, frameworkErrors: frameworkErrors as never };
  return fastify(secure) as unknown as FastifyInstance;
}

const UNRECOGNIZED = {
  400: 'This server is no proxy.',
  404: 'No such endpoint.',
  405: 'No such method at this endpoint.',
} as const;

function unrecognized(status: keyof typeof UNRECOGNIZED, cause?: unknown): MatrixError {
  return new MatrixError(status, 'M_UNRECOGNIZED', UNRECOGNIZED[status], { cause });
}

/** Methods that a known path does not have, by path in the router's notation. */
function unknownMethods(routes: readonly Route[]): ReadonlyMap<string, (typeof METHODS)[number][]> {
  const byPath = Map.groupBy(routes, (route) => routerPath(route.path));
  return new Map(
    byPath.entries().map(([path, known]) => {
      const methods = new Set<string>(known.map((route) => route.method));
      return [path, METHODS.filter((method) => !methods.has(method))];
    }),
  );
}
