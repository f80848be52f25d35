import { Readable } from 'node:stream';
import { parseJson } from '@hansa/protocol';
import type { DeviceId, JsonObject, JsonValue, ServerName, UserId } from '@hansa/protocol';
import { fuzzParameters, seed } from '@hansa/protocol/testing/runs';
import { looseJsonValues } from '@hansa/protocol/testing/json-values';
import { mutatedJson } from '@hansa/protocol/testing/mutated-json';
import { mutatedText } from '@hansa/protocol/testing/mutations';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { declaredRoutes, samplePath } from '../client-api/testing/declared-routes.ts';
import { federationRoutes } from '../federation-api/federation-routes.ts';
import { stubPorts } from '../federation-api/testing/stub-ports.ts';
import { MatrixError } from '../matrix-error.ts';
import { bearerToken } from './bearer-token.ts';
import { parsePeerJson } from './index.ts';
import type { Route, UncheckedCall } from './index.ts';
import { jsonText } from './testing/json-text.ts';
import { valuesOf } from './testing/schema-values.ts';

const SAMPLES = 20;
const MAX_BYTES = 1024 * 1024;
/** What a route that got past its input meets, as nothing is behind it. */
const NOTHING_BEHIND = /^there is nothing behind the declared routes$| is not stubbed$/;
/** Refusals of what was sent, which name the member; others are of what it asks for. */
const OF_INPUT = new Set(['M_NOT_JSON', 'M_BAD_JSON', 'M_INVALID_PARAM', 'M_MISSING_PARAM']);
const NAMED = /^[A-Za-z_][A-Za-z0-9_]*: .|\bbody\b/;

const SESSION = { userId: '@user:harbour.example' as UserId, deviceId: 'D' as DeviceId };

const routes = [...declaredRoutes(), ...federationRoutes(stubPorts({}))];
const withBody = routes.filter(({ body }) => body !== undefined);
const withQuery = routes.filter(({ query }) => query !== undefined);
const paramNames = ({ path }: Route): readonly string[] =>
  path
    .matchAll(/\{([A-Za-z]+)\}/g)
    .map(([, name = '']) => name)
    .toArray();
const sampleParam = (name: string): string => decodeURIComponent(samplePath(`{${name}}`));

/** Bodies that each route would take. */
const samples = new Map(
  withBody.map((route) => {
    const bodies = fc.sample(valuesOf(route.body ?? {}), { numRuns: SAMPLES, seed });
    return [route, bodies as readonly JsonObject[]];
  }),
);
const samplesOf = (route: Route): readonly JsonObject[] => samples.get(route) ?? [];

/** Whether the route reads this body, as it comes on the wire. */
async function readsOrRefusesBody(route: Route, body: JsonValue): Promise<boolean> {
  const text = Buffer.from(jsonText(body));
  const json = route.auth === 'federation' ? parsePeerJson(text, MAX_BYTES) : parseJson(text);
  if (!json.ok) return json.reason !== '';
  return await readsOrRefuses(route, { body: json.value });
}

type Sent = Partial<Pick<UncheckedCall, 'params' | 'search' | 'body'>>;

/** Whether the route reads what was sent, or refuses it in words that name it; anything else is thrown on. */
async function readsOrRefuses(route: Route, sent: Sent): Promise<boolean> {
  const names = paramNames(route);
  const call = {
    params: Object.fromEntries(names.map((name) => [name, sampleParam(name)])),
    search: new URLSearchParams(),
    body: samplesOf(route)[0],
    bodyBytes: new Uint8Array(),
    upload: { contentType: undefined, declaredBytes: undefined, bytes: Readable.from([]) },
    range: undefined,
    requestId: 'r',
    remoteAddress: '127.0.0.1',
    signal: AbortSignal.abort(),
    ...(route.auth === 'token'
      ? { session: SESSION }
      : { origin: 'harbour.example' as ServerName }),
    ...sent,
  };
  try {
    const answer = await route.handle(call);
    return typeof answer === 'object';
  } catch (error) {
    if (error instanceof Error && NOTHING_BEHIND.test(error.message)) return true;
    if (!(error instanceof MatrixError)) throw error;
    const words = OF_INPUT.has(error.errcode) ? NAMED : /./;
    return error.status >= 400 && error.status < 500 && words.test(error.message);
  }
}

const ofOne = <T>(of: readonly Route[], arbitrary: (route: Route) => fc.Arbitrary<T>) =>
  fc.oneof(...of.map((route) => fc.tuple(fc.constant(route), arbitrary(route))));

it('any body of a declared route is read or refused, named', async () => {
  const bodies = ofOne<JsonValue>(withBody, (route) =>
    fc.oneof(
      { arbitrary: mutatedJson(samplesOf(route)), weight: 9 },
      { arbitrary: looseJsonValues, weight: 1 },
    ),
  );
  await fc.assert(
    fc.asyncProperty(bodies, ([route, body]) => readsOrRefusesBody(route, body)),
    fuzzParameters(),
  );
});

it('any body of createRoom is read or refused, named', async () => {
  const route = withBody.find(({ path }) => path.endsWith('/createRoom'));
  if (route === undefined) throw new Error('createRoom is not declared');
  await fc.assert(
    fc.asyncProperty(mutatedJson(samplesOf(route)), (body) => readsOrRefusesBody(route, body)),
    fuzzParameters(),
  );
});

it('any query of a declared route is read or refused, named', async () => {
  const values = ['', '1', '-1', '1e3', '0x1', 'true', '%00', '{"room":{"timeline":1.5}}', '@a:b'];
  const queries = ofOne(withQuery, ({ query }) => {
    const names = Object.keys(query?.properties ?? {});
    const whole = values.map((value) => names.map((name) => `${name}=${value}`).join('&'));
    return mutatedText(whole, ['&', '=', '%', '+', '__proto__=1&', ...names, ...values]);
  });
  await fc.assert(
    fc.asyncProperty(queries, ([route, query]) =>
      readsOrRefuses(route, { search: new URLSearchParams(query) }),
    ),
    fuzzParameters(),
  );
});

it('any parameters in the path of a declared route are read or refused, named', async () => {
  const named = routes.filter((route) => paramNames(route).length > 0);
  const odd = ['', ':', '@', '#', '!', '$', '\0', 'é', '%', '/', 'a'.repeat(255), '__proto__'];
  const params = ofOne(named, (route) => {
    const members = paramNames(route).map((name) => [name, mutatedText([sampleParam(name)], odd)]);
    return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<string>>);
  });
  await fc.assert(
    fc.asyncProperty(params, ([route, each]) => readsOrRefuses(route, { params: each })),
    fuzzParameters(),
  );
});

it('any Authorization header gives a token without white space, or none', () => {
  const pieces = ['Bearer', 'bearer ', ' ', '\t', '\n', '\u00a0', ',', 'X-Matrix', ' '.repeat(200)];
  fc.assert(
    fc.property(mutatedText(['Bearer secret', 'Basic YTpi', 'Bearer  a b'], pieces), (header) => {
      try {
        return /^\S+$/.test(bearerToken(header));
      } catch (error) {
        if (!(error instanceof MatrixError)) throw error;
        return error.status === 401 && error.errcode === 'M_MISSING_TOKEN';
      }
    }),
    fuzzParameters(),
  );
});

// Seed 297357904: an alias of another server is well-formed, and was refused without the name of the parameter.
it('an alias of another server is refused, named', async () => {
  const ofAliases = routes.filter(({ path }) => path.endsWith('/directory/room/{roomAlias}'));
  const params = { roomAlias: '#alias:lighthouse.example' };
  const answers = ofAliases.map((route) => readsOrRefuses(route, { params }));
  expect(await Promise.all(answers)).toEqual([true, true, true]);
});
