import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from './limit-rates.ts';
import { declaredRoutes, samplePath } from './testing/declared-routes.ts';

const routes = declaredRoutes().map((route) => [`${route.method} ${route.path}`, route] as const);
const withToken = routes.filter(([, { auth }]) => auth === 'token');
const withBody = routes.filter(([, { body }]) => body !== undefined);
const inRooms = withToken.filter(([, { path }]) => path.includes('{roomId}'));

let workspace: TestWorkspace;
let ada: MatrixClient;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
  ada = await workspace.register('ada');
});
afterAll(() => workspace[Symbol.asyncDispose]());

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
};

describe.each(withToken)('%s', (_name, { method, path }) => {
  it('refuses who shows no token, and who shows an unknown one, before anything is read', async () => {
    const url = samplePath(path);
    const request = method === 'GET' ? {} : { text: '{' };
    const missing = await workspace.nobody.exchange(method, url, request);
    expect(missing).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } });
    const unknown = await workspace.session('hansa_unknown').exchange(method, url, request);
    expect(unknown).toMatchObject({ status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } });
    expect(Object.fromEntries(unknown.headers)).toMatchObject(CORS);
    const inQuery = `${url}?access_token=${ada.accessToken}`;
    const misplaced = await workspace.nobody.exchange(method, inQuery, request);
    expect(misplaced).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } });
  });
});

describe.each(withBody)('%s', (_name, { method, path }) => {
  it.each([
    ['no JSON', '{"a":', 'M_NOT_JSON'],
    ['a key twice', '{"a":1,"a":2}', 'M_NOT_JSON'],
    ['no object', '[]', 'M_BAD_JSON'],
    ['text', '"text"', 'M_BAD_JSON'],
  ])('refuses a body that is %s', async (_what, text, errcode) => {
    const answer = await ada.http.exchange(method, samplePath(path), { text });
    expect(answer).toMatchObject({ status: 400, body: { errcode } });
    expect(Object.fromEntries(answer.headers)).toMatchObject(CORS);
  });
});

describe.each(inRooms)('%s', (_name, { method, path }) => {
  it('refuses what is no room id', async () => {
    const text = method === 'GET' ? {} : { text: '{}' };
    const url = samplePath(path, { roomId: 'room' });
    expect(await ada.http.exchange(method, url, text)).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM', error: expect.stringMatching(/^roomId: /) },
    });
  });
});

describe.each(routes)('%s', (_name, { path }) => {
  it('answers OPTIONS by CORS alone', async () => {
    const answer = await workspace.nobody.exchange('OPTIONS', samplePath(path));
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(Object.fromEntries(answer.headers)).toMatchObject(CORS);
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/_matrix/client/v3/nothing', 404],
    ['GET', '/_matrix/client/v9/login', 404],
    ['DELETE', '/_matrix/client/v3/login', 405],
    ['POST', '/_matrix/client/v3/rooms/!room/state/m.room.name', 405],
    ['PUT', '/_matrix/client/v3/rooms/!room/state/m.room.name/key/more', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await ada.http.exchange(method, path);
    expect(answer).toMatchObject({ status, body: { errcode: 'M_UNRECOGNIZED' } });
    expect(Object.fromEntries(answer.headers)).toMatchObject(CORS);
  });
});

const contract = process.env['HANSA_CONTRACT'] ?? '';
const table = join(contract, 'out/endpoints.tsv');

describe.skipIf(!existsSync(table))('the table of endpoints', () => {
  it('has only what the specification has, with its authentication, and what is named as ours', () => {
    const rows = readFileSync(table, 'utf8').split('\n');
    const specified = new Map(
      rows.map((row) => {
        const [, method, path, , auth] = row.split('\t');
        return [`${method} ${path}`, auth?.startsWith('none') ? 'none' : 'token'];
      }),
    );
    const standard = routes.filter(([, { path }]) => !path.includes('/unstable/chat.hansa/'));
    const declared = standard.map(([, route]) => [nameOf(route), route.auth] as const);
    expect(declared.map(([name, auth]) => [name, specified.get(name), auth])).toEqual(
      declared.map(([name, auth]) => [name, auth, auth]),
    );
  });
});
