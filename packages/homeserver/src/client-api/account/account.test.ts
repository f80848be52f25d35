import { Buffer } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoginResponse } from '@hansa/protocol/wire';
import { findPostgres, PostgresCluster } from '@hansa/storage/testing/postgres-cluster';
import { TEST_PASSWORD, TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const DUMMY = { type: 'm.login.dummy' };

const programs = findPostgres();
const DATABASES = programs === undefined ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

// What one of them does differently is what nobody tries (Dendrite 0.3.11).
describe.each(DATABASES)('[SEC-44] on %s:', (kind) => {
  let cluster: PostgresCluster | undefined;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    if (kind === 'PostgreSQL' && programs !== undefined)
      cluster = await PostgresCluster.start(programs);
    workspace = await TestWorkspace.start({ database: await cluster?.createDatabase() });
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  let names = 0;
  function newName(): string {
    names += 1;
    return `somebody-${names}`;
  }

  const register = (body: object, query = '') =>
    workspace.nobody.exchange<LoginResponse & { errcode: string }>(
      'POST',
      `${API}/register${query}`,
      { body },
    );

  const logIn = (body: object) =>
    workspace.nobody.exchange<LoginResponse & { errcode: string; error: string }>(
      'POST',
      `${API}/login`,
      { body: { type: 'm.login.password', password: TEST_PASSWORD, ...body } },
    );

  const asUser = (user: string) => ({ identifier: { type: 'm.id.user', user } });

  async function isLoggedIn(accessToken: string): Promise<boolean> {
    const session = workspace.session(accessToken);
    const { body } = await session.exchange('GET', `${API}/account/whoami`);
    if (body['errcode'] === 'M_UNKNOWN_TOKEN') return false;
    return typeof body['user_id'] === 'string';
  }

  describe('registering', () => {
    it('asks for the one stage there is, and then logs in', async () => {
      const username = newName();
      const asked = await register({ username, password: TEST_PASSWORD });
      expect(asked).toMatchObject({
        status: 401,
        body: { flows: [{ stages: ['m.login.dummy'] }], params: {}, session: expect.any(String) },
      });
      expect(asked.body.errcode).toBeUndefined();
      const device = { device_id: 'PHONE', initial_device_display_name: 'Phone' };
      const done = await register({ username, password: TEST_PASSWORD, auth: DUMMY, ...device });
      expect(done).toMatchObject({
        status: 200,
        body: { user_id: `@${username}:harbour.example`, device_id: 'PHONE' },
      });
      expect(await isLoggedIn(done.body.access_token)).toBe(true);
    });

    it('logs nobody in who does not want it', async () => {
      const body = {
        username: newName(),
        password: TEST_PASSWORD,
        auth: DUMMY,
        inhibit_login: true,
      };
      expect((await register(body)).body).toEqual({ user_id: `@${body.username}:harbour.example` });
    });

    it('makes names small, and one up where none is given', async () => {
      const username = newName();
      const shouted = { username: username.toUpperCase(), password: TEST_PASSWORD, auth: DUMMY };
      expect((await register(shouted)).body.user_id).toBe(`@${username}:harbour.example`);
      const given = await register({ password: TEST_PASSWORD, auth: DUMMY });
      expect(given.body.user_id).toMatch(/^@[0-9a-f]{12}:harbour\.example$/);
    });

    it('gives no name twice, whichever its case and whoever is first', async () => {
      const username = newName();
      const ask = (name: string) =>
        register({ username: name, password: TEST_PASSWORD, auth: DUMMY });
      const answers = await Promise.all([
        ask(username),
        ask(username.toUpperCase()),
        ask(username),
      ]);
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '400', '400']);
      expect(await ask(username)).toMatchObject({
        status: 400,
        body: { errcode: 'M_USER_IN_USE' },
      });
    });

    it.each([
      ['taken', 'ada', 'M_USER_IN_USE'],
      ['with a space', 'a da', 'M_INVALID_USERNAME'],
      ['a whole user id', '@ada:harbour.example', 'M_INVALID_USERNAME'],
      ['empty', '', 'M_INVALID_USERNAME'],
      ['too long', 'a'.repeat(240), 'M_INVALID_USERNAME'],
      ['of other letters', 'ädä', 'M_INVALID_USERNAME'],
      ['[SEC-48] of letters that look like others', 'аdmin', 'M_INVALID_USERNAME'],
      ['[SEC-48] written backwards in part', 'ad\u202eim', 'M_INVALID_USERNAME'],
      ['[SEC-48] with what nobody sees', 'ad\u200bmin', 'M_INVALID_USERNAME'],
      ['[SEC-48] with marks above', 'admi\u0301n', 'M_INVALID_USERNAME'],
      ['[SEC-48] with an end of line', 'admin\n', 'M_INVALID_USERNAME'],
    ])('says before anything else that a name is %s', async (_what, username, errcode) => {
      await register({ username: 'ada', password: TEST_PASSWORD, auth: DUMMY });
      const answer = await register({ username, password: TEST_PASSWORD });
      expect(answer).toMatchObject({ status: 400, body: { errcode } });
    });

    it.each([
      ['no password', { auth: DUMMY }, '', 400, 'M_MISSING_PARAM'],
      ['a stage that there is not', { auth: { type: 'm.login.sso' } }, '', 401, 'M_UNRECOGNIZED'],
      ['a guest', { auth: DUMMY }, '?kind=guest', 403, 'M_FORBIDDEN'],
      ['another kind', { auth: DUMMY }, '?kind=cat', 400, 'M_INVALID_PARAM'],
      ['a short password', { auth: DUMMY, password: '1234567' }, '', 400, 'M_WEAK_PASSWORD'],
      [
        'a bad device',
        { auth: DUMMY, password: TEST_PASSWORD, device_id: 'a\n' },
        '',
        400,
        'M_INVALID_PARAM',
      ],
      ['a number for a name', { username: 1 }, '', 400, 'M_BAD_JSON'],
    ])('refuses %s', async (_what, body, query, status, errcode) => {
      const answer = await register({ username: newName(), ...body }, query);
      expect(answer).toMatchObject({ status, body: { errcode } });
    });

    it('is closed unless the configuration opens it', async () => {
      await using closed = await TestWorkspace.start({ registration: 'closed' });
      const body = { username: 'ada', password: TEST_PASSWORD, auth: DUMMY };
      expect(await closed.nobody.exchange('POST', `${API}/register`, { body })).toMatchObject({
        status: 403,
        body: { errcode: 'M_FORBIDDEN', error: expect.stringMatching(/closed/) },
      });
    });
  });

  describe('a name', () => {
    const ask = (query: string, at: TestWorkspace = workspace) =>
      at.nobody.exchange('GET', `${API}/register/available${query}`);

    it('is free until somebody has it', async () => {
      const username = newName();
      expect(await ask(`?username=${username}`)).toMatchObject({ body: { available: true } });
      await workspace.register(username);
      expect(await ask(`?username=${username}`)).toMatchObject({
        status: 400,
        body: { errcode: 'M_USER_IN_USE' },
      });
    });

    it.each([
      ['?username=a%20da', 'M_INVALID_USERNAME'],
      ['', 'M_MISSING_PARAM'],
    ])('is not asked for by "%s"', async (query, errcode) => {
      expect(await ask(query)).toMatchObject({ status: 400, body: { errcode } });
    });

    it('is told to nobody where registration is closed', async () => {
      await using closed = await TestWorkspace.start({ registration: 'closed' });
      expect(await ask('?username=ada', closed)).toMatchObject({
        status: 403,
        body: { errcode: 'M_FORBIDDEN' },
      });
    });
  });

  describe('logging in', () => {
    it('is by password', async () => {
      const { body } = await workspace.nobody.exchange('GET', `${API}/login`);
      expect(body).toEqual({ flows: [{ type: 'm.login.password' }] });
    });

    it.each([
      ['localpart', (name: string) => asUser(name)],
      ['whole user id', (name: string) => asUser(`@${name}:harbour.example`)],
      ['a name in capitals', (name: string) => asUser(name.toUpperCase())],
      ['the older form', (name: string) => ({ user: name })],
    ])('takes the %s', async (_what, form) => {
      const name = newName();
      await workspace.register(name);
      const answer = await logIn(form(name));
      expect(answer).toMatchObject({
        status: 200,
        body: {
          user_id: `@${name}:harbour.example`,
          device_id: expect.stringMatching(/^[0-9A-F]+$/),
        },
      });
      expect(await isLoggedIn(answer.body.access_token)).toBe(true);
    });

    it('does not tell an unknown user from a wrong password', async () => {
      const name = newName();
      await workspace.register(name);
      const wrong = await logIn({ ...asUser(name), password: 'wrong' });
      expect(wrong).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
      for (const user of [newName(), '@ada:elsewhere.example', 'no name', '']) {
        const unknown = await logIn(asUser(user));
        expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
      }
    });

    it.each([
      ['another way', { type: 'm.login.token', token: 't' }, 400, 'M_UNKNOWN'],
      ['nobody', {}, 400, 'M_BAD_JSON'],
      ['no password', { ...asUser('ada'), password: undefined }, 400, 'M_BAD_JSON'],
      ['an address', { identifier: { type: 'm.id.thirdparty' } }, 403, 'M_FORBIDDEN'],
      ['a number', { identifier: { type: 'm.id.phone' } }, 403, 'M_FORBIDDEN'],
      ['an unknown kind of name', { identifier: { type: 'x' } }, 400, 'M_BAD_JSON'],
      ['a name that is no text', { identifier: { type: 'm.id.user', user: 1 } }, 400, 'M_BAD_JSON'],
    ])('refuses %s', async (_what, body, status, errcode) => {
      expect(await logIn(body)).toMatchObject({ status, body: { errcode } });
    });

    it('is slowed down when passwords are guessed, for that account alone', async () => {
      const [name, other] = [newName(), newName()];
      await workspace.register(name);
      await workspace.register(other);
      const guess = () => logIn({ ...asUser(name), password: 'guess' });
      const guesses = await Promise.all(Array.from({ length: 8 }, guess));
      const statuses = guesses.map(({ status }) => String(status)).toSorted();
      expect(statuses).toEqual([...Array.from({ length: 5 }, () => '403'), '429', '429', '429']);
      const right = await logIn(asUser(name));
      expect(right).toMatchObject({
        status: 429,
        body: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: expect.any(Number) },
      });
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await logIn(asUser(other))).status).toBe(200);
    });

    it('to a device that there was ends its earlier token', async () => {
      const { userId, accessToken, deviceId } = await workspace.register(newName());
      const another = await workspace.logIn({ userId });
      const again = await logIn({ ...asUser(userId), device_id: deviceId });
      expect(again.body.device_id).toBe(deviceId);
      expect(await isLoggedIn(accessToken)).toBe(false);
      expect(await isLoggedIn(again.body.access_token)).toBe(true);
      expect(await isLoggedIn(another.accessToken)).toBe(true);
    });
  });

  describe('a session', () => {
    it('says whose it is', async () => {
      const client = await workspace.register(newName());
      expect(await client.http.request('GET', `${API}/account/whoami`)).toEqual({
        user_id: client.userId,
        device_id: client.deviceId,
        is_guest: false,
      });
    });

    it('ends by logging out, alone', async () => {
      const [phone, laptop] = await twoDevices();
      expect(await phone.http.request('POST', `${API}/logout`)).toEqual({});
      expect(await isLoggedIn(phone.accessToken)).toBe(false);
      expect(await isLoggedIn(laptop.accessToken)).toBe(true);
    });

    it('ends by logging out everywhere, with all others of the user', async () => {
      const [phone, laptop] = await twoDevices();
      const stranger = await workspace.register(newName());
      expect(await phone.http.request('POST', `${API}/logout/all`)).toEqual({});
      expect(await isLoggedIn(phone.accessToken)).toBe(false);
      expect(await isLoggedIn(laptop.accessToken)).toBe(false);
      expect(await isLoggedIn(stranger.accessToken)).toBe(true);
    });

    it('outlives a restart, and stands nowhere on the disk', async () => {
      await using own = await TestWorkspace.start({ database: await cluster?.createDatabase() });
      const { accessToken, userId } = await own.register('ada');
      await own.stop();
      const folder = join(own.folder, 'data');
      for (const file of await readdir(folder)) {
        const bytes = await readFile(join(folder, file));
        expect(bytes.includes(Buffer.from(accessToken))).toBe(false);
        expect(bytes.includes(Buffer.from(TEST_PASSWORD))).toBe(false);
      }
      await own.resume();
      const session = own.session(accessToken);
      const whoami = await session.request('GET', `${API}/account/whoami`);
      expect(whoami).toMatchObject({ user_id: userId });
    });

    async function twoDevices(): Promise<readonly [MatrixClient, MatrixClient]> {
      const phone = await workspace.register(newName());
      return [phone, await workspace.logIn(phone)];
    }
  });
});
