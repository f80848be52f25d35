import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parsed, parseRoomId, refused } from '@hansa/protocol';
import type { DeviceId, ServerName, UserId } from '@hansa/protocol';
import { RemoteServerError } from '@hansa/net';
import { TestCa } from '@hansa/testkit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { forbidden, unauthorized, unknownToken, unreachable } from '../matrix-error.ts';
import { AnyJson, AnyObject, Answer, createApp, defineRoute, paramText } from './index.ts';
import type { AppOptions, Route } from './index.ts';

const SESSION = { userId: '@a:one.test' as UserId, deviceId: 'D' as DeviceId };

function appWith(routes: readonly Route[], overrides: Partial<AppOptions> = {}) {
  const errors: { readonly fields: object; readonly message: string }[] = [];
  const note = (fields: object, message: string) => void errors.push({ fields, message });
  const app = createApp({
    routes,
    authenticators: {
      token: async (token) => {
        if (token !== 'secret') throw unknownToken();
        return SESSION;
      },
      federation: async () => 'two.test' as ServerName,
    },
    log: { debug() {}, info() {}, warn: note, error: note },
    ...overrides,
  });
  return { app, errors };
}

function echo(overrides: object = {}): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/echo/{roomId}/{text}',
    auth: 'none',
    params: { roomId: parseRoomId, text: paramText },
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      full: Type.Optional(Type.Boolean()),
      via: Type.Optional(Type.Array(Type.String({ maxLength: 10 }), { maxItems: 2 })),
    }),
    body: Type.Object({ content: Type.Optional(AnyObject), any: Type.Optional(AnyJson) }),
    handler: async ({ params, query, body }) => ({ params, query, body }),
    ...overrides,
  });
}

async function post(app: FastifyInstance, url: string, payload: string, headers = {}) {
  const answer = await app.inject({ method: 'POST', url, payload, headers });
  return {
    status: answer.statusCode,
    body: answer.json(),
    headers: answer.headers,
    raw: answer.body,
  };
}

describe('a route', () => {
  const base = '/_matrix/client/v3/echo';

  it.each([
    ['%21a%3Aone.test', '!a:one.test', 'plain', 'plain'],
    ['!a:one.test', '!a:one.test', 'a%2Fb', 'a/b'],
    ['!a:one.test', '!a:one.test', 'a+b', 'a+b'],
    ['!a:one.test', '!a:one.test', '%2525', '%25'],
    ['!a:one.test', '!a:one.test', '%252F', '%2F'],
    ['!a%2Fb:one.test', '!a/b:one.test', '%E2%82%AC', '€'],
    ['!a:one.test', '!a:one.test', '$%2b_-x', '$+_-x'],
  ])('decodes each segment once: %s is %s, %s is %s', async (rawRoom, roomId, rawText, text) => {
    const { app } = appWith([echo()]);
    const { body } = await post(app, `${base}/${rawRoom}/${rawText}`, '{}');
    expect(body.params).toEqual({ roomId, text });
  });

  it.each([
    ['?limit=5&full=true&via=a&via=b&other=1', { limit: 5, full: true, via: ['a', 'b'] }],
    ['?via=a%20b', { via: ['a b'] }],
    ['', {}],
  ])('reads the query %s by its schema', async (search, query) => {
    const { app } = appWith([echo()]);
    const { body } = await post(app, `${base}/!a:one.test/x${search}`, '{}');
    expect(body.query).toEqual(query);
  });

  it.each([
    ['not an integer', '?limit=5.0', '{}', 'M_INVALID_PARAM'],
    ['out of bounds', '?limit=101', '{}', 'M_INVALID_PARAM'],
    ['given twice', '?limit=1&limit=2', '{}', 'M_INVALID_PARAM'],
    ['no boolean', '?full=yes', '{}', 'M_INVALID_PARAM'],
    ['too many', '?via=a&via=b&via=c', '{}', 'M_INVALID_PARAM'],
    ['no body', '', '', 'M_NOT_JSON'],
    ['not JSON', '', '{', 'M_NOT_JSON'],
    ['a repeated key', '', '{"any":1,"any":2}', 'M_NOT_JSON'],
    ['an array', '', '[]', 'M_BAD_JSON'],
    ['a number for an object', '', '{"content":1}', 'M_BAD_JSON'],
    ['a number literal for an object', '', '{"content":1.0}', 'M_BAD_JSON'],
  ])('refuses what its schema does not allow: %s', async (_what, search, payload, errcode) => {
    const { app } = appWith([echo()]);
    const answer = await post(app, `${base}/!a:one.test/x${search}`, payload);
    expect(answer).toMatchObject({ status: 400, body: { errcode } });
  });

  it('refuses a parameter that its parser refuses, and names it', async () => {
    const { app } = appWith([echo()]);
    const { status, body } = await post(app, `${base}/@a:one.test/x`, '{}');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      errcode: 'M_INVALID_PARAM',
      error: expect.stringMatching(/^roomId: /),
    });
  });

  it('names a missing parameter', async () => {
    const route = echo({ query: Type.Object({ ver: Type.String() }) });
    const { body } = await post(appWith([route]).app, `${base}/!a:one.test/x`, '{}');
    expect(body).toMatchObject({ errcode: 'M_MISSING_PARAM', error: expect.stringMatching(/ver/) });
  });

  it('keeps numbers as they were written', async () => {
    const { app } = appWith([echo()]);
    const payload = '{"any":[1.0,1e3,-0,9007199254740993,{"__proto__":1}]}';
    const { raw } = await post(app, `${base}/!a:one.test/x`, payload);
    expect(raw).toContain(payload);
  });

  it('refuses numbers that canonical JSON has no place for, where it says so', async () => {
    const { app } = appWith([echo({ canonicalBody: true })]);
    const answer = await post(app, `${base}/!a:one.test/x`, '{"content":{"a":1.5}}');
    expect(answer).toMatchObject({
      status: 400,
      body: { errcode: 'M_BAD_JSON', error: expect.stringMatching(/content\.a/) },
    });
  });

  it('takes an empty body for an empty object, where it says so', async () => {
    const { app } = appWith([echo({ emptyBody: 'object' })]);
    expect(await post(app, `${base}/!a:one.test/x`, '')).toMatchObject({
      status: 200,
      body: { body: {} },
    });
  });

  it.each(['multipart/form-data; boundary=x', 'Multipart/Mixed', 'multipart/related'])(
    '[SEC-35] reads nothing of a body of type %s',
    async (type) => {
      const { app } = appWith([echo()]);
      await using _closing = { [Symbol.asyncDispose]: () => app.close() };
      const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
      const socket = connect(Number(port), '127.0.0.1');
      // It says how much is to come, and nothing comes.
      const lines = [`POST ${base}/!a:one.test/x HTTP/1.1`, 'host: x', `content-type: ${type}`];
      socket.write([...lines, 'content-length: 1000', '', ''].join('\r\n'));
      const [head] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(String(head)).toMatch(/^HTTP\/1\.1 415 /);
      expect(String(head)).toContain('M_NOT_JSON');
    },
  );

  it('[SEC-35] refuses a body over its bound', async () => {
    const { app } = appWith([echo({ maxBodyBytes: 20 })]);
    const answer = await post(app, `${base}/!a:one.test/x`, '{"any":"0123456789"}{');
    expect(answer).toMatchObject({ status: 413, body: { errcode: 'M_TOO_LARGE' } });
  });

  it.each(['application/json', 'text/plain', undefined])(
    'reads a body of type %s',
    async (type) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      const answer = await post(
        appWith([echo()]).app,
        `${base}/!a:one.test/x`,
        '{"any":1}',
        headers,
      );
      expect(answer).toMatchObject({ status: 200, body: { body: { any: 1 } } });
    },
  );

  it('hands on where the connection comes from', async () => {
    const route = echo({
      handler: async ({ remoteAddress }: { remoteAddress: string }) => ({ remoteAddress }),
    });
    const answer = await post(appWith([route]).app, `${base}/!a:one.test/x`, '{}');
    expect(answer.body).toEqual({ remoteAddress: '127.0.0.1' });
  });

  it('answers with the status and headers that its handler chose', async () => {
    const route = echo({ handler: async () => new Answer(401, { flows: [] }, { 'x-a': 'b' }) });
    const answer = await post(appWith([route]).app, `${base}/!a:one.test/x`, '{}');
    expect(answer).toMatchObject({ status: 401, body: { flows: [] }, headers: { 'x-a': 'b' } });
  });
});

describe('authentication', () => {
  const whoami = defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/account/whoami',
    auth: 'token',
    handler: async ({ session }) => ({ user_id: session.userId }),
  });

  it.each([
    ['no header', {}, 'M_MISSING_TOKEN'],
    ['another scheme', { authorization: 'Basic secret' }, 'M_MISSING_TOKEN'],
    ['an unknown token', { authorization: 'Bearer wrong' }, 'M_UNKNOWN_TOKEN'],
  ])('refuses %s', async (_what, headers, errcode) => {
    const { app } = appWith([whoami]);
    const answer = await app.inject({ url: whoami.path, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ errcode });
  });

  it('hands the session to the handler', async () => {
    const headers = { authorization: 'Bearer secret' };
    const answer = await appWith([whoami]).app.inject({ url: whoami.path, headers });
    expect(answer.json()).toEqual({ user_id: SESSION.userId });
  });

  it('takes no token from the query string', async () => {
    const answer = await appWith([whoami]).app.inject({
      url: `${whoami.path}?access_token=secret`,
    });
    expect(answer.statusCode).toBe(401);
  });

  it('is decided before the body is looked at', async () => {
    const { app } = appWith([echo({ auth: 'token' })]);
    expect(await post(app, '/_matrix/client/v3/echo/x/x', '{')).toMatchObject({ status: 401 });
  });

  it.each(['token', 'federation'])('does not start without somebody to check "%s"', (auth) => {
    expect(() => appWith([echo({ auth })], { authenticators: {} })).toThrow(
      /nobody can authenticate/,
    );
  });

  it('does not start with a route that declares none', () => {
    expect(() => appWith([echo({ auth: undefined })])).toThrow(/nobody can authenticate/);
  });

  it('reads no body before the header of a signed request has been looked at', async () => {
    const route = echo({ auth: 'federation', path: '/_matrix/federation/v1/x/{roomId}/{text}' });
    const authenticators = {
      federation: async () => 'two.test' as ServerName,
      federationHeader: async (authorization: string) => {
        if (authorization !== 'X-Matrix good') throw unauthorized('no such key');
      },
    };
    const { app } = appWith([route], { authenticators });
    const ask = (authorization: string) =>
      post(app, '/_matrix/federation/v1/x/!a%3aone.test/b', '{"broken', { authorization });
    expect(await ask('X-Matrix bad')).toMatchObject({ status: 401 });
    expect(await ask('X-Matrix good')).toMatchObject({ body: { errcode: 'M_NOT_JSON' } });
  });

  it('hands a signature check the request as it came', async () => {
    const seen: unknown[] = [];
    const route = echo({ auth: 'federation', path: '/_matrix/federation/v1/x/{roomId}/{text}' });
    const federation = async (request: unknown) => {
      seen.push(request);
      return 'two.test' as ServerName;
    };
    const { app } = appWith([route], { authenticators: { federation } });
    const uri = '/_matrix/federation/v1/x/!a%3aone.test/%252F?b=1&a=%20';
    await post(app, uri, '{"any":1.0}', { authorization: 'X-Matrix a=b' });
    expect(seen).toMatchObject([
      { method: 'POST', uri, authorization: 'X-Matrix a=b', content: { any: { source: '1.0' } } },
    ]);
  });
});

describe('an application', () => {
  const list = defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/list',
    auth: 'none',
    handler: async () => ({}),
  });

  it.each([
    ['GET', '/_matrix/client/v3/nothing', 404],
    ['GET', '/_matrix/client/v3/list/', 404],
    ['GET', '/_matrix/client/v3/%zz', 404],
    ['PUT', '/_matrix/client/v3/list', 405],
    ['PATCH', '/_matrix/client/v3/list', 405],
    ['DELETE', '/_matrix/client/v3/list', 405],
  ] as const)('does not recognise %s %s: %i', async (method, url, status) => {
    const answer = await appWith([list]).app.inject({ method, url });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ errcode: 'M_UNRECOGNIZED' });
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  it('recognises no more over TLS', async () => {
    const tls = await (await TestCa.create()).issue(['one.test']);
    const answer = await appWith([list], { tls }).app.inject({ url: '/_matrix/client/v3/%zz' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ errcode: 'M_UNRECOGNIZED' });
  });

  it.each(['/_matrix/client/v3/list', '/_matrix/client/v3/nothing', '/.well-known/matrix/client'])(
    'answers OPTIONS %s with CORS and nothing else',
    async (url) => {
      const answer = await appWith([list]).app.inject({ method: 'OPTIONS', url });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': expect.stringMatching(/PUT/),
        'access-control-allow-headers': expect.stringMatching(/Authorization/),
      });
    },
  );

  it('[SEC-42] is no page, and in no frame, whatever it says', async () => {
    const { app } = appWith([echo()]);
    const urls = [
      `/_matrix/client/v3/echo/!a:one.test/${encodeURIComponent('<script>alert(1)</script>')}`,
      '/x<svg>',
    ];
    for (const url of urls) {
      const { headers } = await app.inject({ method: 'POST', url, payload: '{}' });
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(/^application\/json/),
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('sends no CORS to other servers', async () => {
    const answer = await appWith([]).app.inject({ url: '/_matrix/federation/v1/nothing' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('tells a refusal as it is, with CORS', async () => {
    const route = echo({ handler: () => Promise.reject(forbidden('Not in this room.')) });
    const answer = await post(appWith([route]).app, '/_matrix/client/v3/echo/!a:b/x', '{}');
    expect(answer).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN', error: 'Not in this room.' },
      headers: { 'access-control-allow-origin': '*' },
    });
  });

  it('never tells what a bug says; the log has it', async () => {
    const cause = new Error('disk on fire');
    const route = echo({ handler: () => Promise.reject(new Error('secret', { cause })) });
    const { app, errors } = appWith([route]);
    const answer = await post(app, '/_matrix/client/v3/echo/!a:b/x', '{}');
    expect(answer).toMatchObject({ status: 500, body: { errcode: 'M_UNKNOWN' } });
    expect(answer.raw).not.toMatch(/secret|disk/);
    expect(errors).toMatchObject([
      { fields: { requestId: answer.headers['x-request-id'], err: { cause } } },
    ]);
  });

  it.each([
    [{ reachable: false, transient: true }, 'two.test cannot be reached.'],
    [{ reachable: false, transient: false }, expect.stringMatching(/^two\.test .*allowedRanges/)],
    [{ reachable: true, transient: true, status: 500 }, 'two.test: what we say of it.'],
    [
      { reachable: true, transient: false, status: 400, body: { error: 'Not\ntoday.' } },
      'two.test: what we say of it: "Not today."',
    ],
  ])('says 502 for what another server failed to do, and why: %o', async (how, error) => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.5');
    const server = 'two.test' as ServerName;
    const failure = new RemoteServerError('two.test: what we say of it', { server, cause, ...how });
    const route = echo({ handler: () => Promise.reject(failure) });
    const { app, errors } = appWith([route]);
    const answer = await post(app, '/_matrix/client/v3/echo/!a:b/x', '{}');
    expect(answer).toMatchObject({ status: 502, body: { errcode: 'M_UNKNOWN', error } });
    expect(answer.raw).not.toMatch(/ECONNREFUSED/);
    expect(errors).toMatchObject([{ fields: { err: { cause } } }]);
  });

  it('logs the cause of a refusal that passes on what another server did', async () => {
    const details = { server: 'two.test' as ServerName, reachable: false, transient: true };
    const cause = new RemoteServerError('two.test: cannot connect', details);
    const refusal = unreachable('Nobody helped.', unreachable('two.test did not.', cause));
    const route = echo({ handler: () => Promise.reject(refusal) });
    const { app, errors } = appWith([route]);
    const answer = await post(app, '/_matrix/client/v3/echo/!a:b/x', '{}');
    expect(answer).toMatchObject({ status: 502, body: { error: 'Nobody helped.' } });
    expect(errors).toMatchObject([{ fields: { err: cause } }]);
  });

  it('tells a handler that its caller has hung up', async () => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const { promise: hungUp, resolve: hangUp } = Promise.withResolvers<void>();
    const route = defineRoute({
      method: 'GET',
      path: '/_matrix/client/v3/sync',
      auth: 'none',
      handler: async ({ signal }) => {
        signal.addEventListener('abort', () => hangUp());
        start();
        await hungUp;
        return {};
      },
    });
    const { app } = appWith([route]);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const caller = new AbortController();
    const answer = fetch(origin + route.path, { signal: caller.signal });
    await started;
    caller.abort();
    await expect(answer).rejects.toThrow('abort');
    await hungUp;
    await app.close();
  });

  it('aborts calls under way when it stops', async () => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const route = defineRoute({
      method: 'GET',
      path: '/_matrix/client/v3/sync',
      auth: 'none',
      handler: async ({ signal }) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        signal.addEventListener('abort', () => resolve());
        start();
        await promise;
        return { woken: true };
      },
    });
    const { app } = appWith([route]);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = fetch(origin + route.path);
    await started;
    await app.close();
    expect(await (await answer).json()).toEqual({ woken: true });
    // Kept open, it would keep the process from ending.
    expect((await answer).headers.get('connection')).toBe('close');
  });

  it('tells who asks while it stops that it does, as a Matrix error', async () => {
    const { promise: stopping, resolve: stop } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const route = defineRoute({
      method: 'GET',
      path: '/_matrix/client/v3/sync',
      auth: 'none',
      handler: async ({ signal }) => {
        signal.addEventListener('abort', () => stop());
        await asked;
        return {};
      },
    });
    const { app } = appWith([route]);
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const underWay = connect(Number(port), '127.0.0.1').resume();
    underWay.write(`GET ${route.path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await once(app.server, 'request');
    // Half a request, so that the connection is not closed as one that is idle.
    const late = connect(Number(port), '127.0.0.1');
    const accepted = once(app.server, 'connection');
    let heard = '';
    late.setEncoding('utf8').on('data', (text: string) => (heard += text));
    late.write(`GET ${route.path} HTTP/1.1\r\n`);
    const [connection] = (await accepted) as [Socket];
    while (connection.bytesRead === 0) await nextTurn();
    const closed = app.close();
    await stopping;
    late.write('host: x\r\n\r\n');
    await once(late, 'close');
    ask();
    await closed;
    expect(heard).toContain('HTTP/1.1 503');
    expect(heard).toContain('"errcode":"M_UNKNOWN","error":"This server is being stopped.');
  });

  it('does not build a route whose path and parsers differ', () => {
    const refuse = () => refused('X', 'x');
    expect(() => echo({ params: { roomId: refuse } })).toThrow(/names roomId, text/);
    expect(() =>
      echo({ params: { roomId: () => parsed(1), text: refuse, other: refuse } }),
    ).toThrow(/other/);
  });
});
