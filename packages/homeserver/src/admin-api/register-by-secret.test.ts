import { createHmac } from 'node:crypto';
import { HttpSession, TEST_PASSWORD, TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PATH = '/_synapse/admin/v1/register';
const SECRET = 'a shared secret of tests';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start({
    registration: 'closed',
    registrationSharedSecret: SECRET,
  });
});
afterAll(() => workspace[Symbol.asyncDispose]());

interface Answer {
  readonly nonce: string;
  readonly user_id: string;
  readonly access_token: string;
  readonly errcode: string;
}

/** What the specification does not know is not held against it. */
const nobody = () => new HttpSession(workspace.clientUrl);
const getNonce = async () => (await nobody().exchange<Answer>('GET', PATH)).body.nonce;

/** As Synapse's documentation writes it. */
function macOf(words: readonly string[], secret = SECRET): string {
  return createHmac('sha1', secret).update(words.join('\0')).digest('hex');
}

const post = (body: object) => nobody().exchange<Answer>('POST', PATH, { body });

async function signed(username: string, more: { readonly admin?: boolean } = {}) {
  const nonce = await getNonce();
  const role = more.admin === true ? 'admin' : 'notadmin';
  const password = TEST_PASSWORD;
  return { nonce, username, password, ...more, mac: macOf([nonce, username, password, role]) };
}

describe('registration by a shared secret', () => {
  it('makes an account and logs it in, though registration is closed', async () => {
    const body = { ...(await signed('ada', { admin: true })), user_type: null };
    const { status, body: answer } = await post(body);
    expect([status, answer]).toEqual([
      200,
      {
        user_id: '@ada:harbour.example',
        home_server: 'harbour.example',
        access_token: expect.any(String) as unknown,
        device_id: expect.any(String) as unknown,
      },
    ]);
    const whoami = await workspace
      .session(answer.access_token)
      .request('GET', '/_matrix/client/v3/account/whoami');
    expect(whoami['user_id']).toBe('@ada:harbour.example');
  });

  it('[SEC-45] makes administrators, of whom nobody becomes one by a room that they are in', async () => {
    const { body: made } = await post(await signed('root', { admin: true }));
    const admin = workspace.session(made.access_token);
    const people = ['ben', 'cora'].map(async (username) => {
      await post(await signed(username));
      return await workspace.logIn({ userId: `@${username}:harbour.example` });
    });
    const [ben, cora] = (await Promise.all(people)) as [MatrixClient, MatrixClient];
    const room = { preset: 'public_chat', room_alias_name: 'admins', invite: [ben.userId] };
    const { room_id: admins } = await admin.request<{ room_id: string }>(
      'POST',
      '/_matrix/client/v3/createRoom',
      { ...room, power_level_content_override: { users: { [ben.userId]: 150 } } },
    );
    await ben.join(admins);
    const name = 'of-cora';
    await cora.createRoom({ preset: 'public_chat', room_alias_name: name });
    const alias = `/_matrix/client/v3/directory/room/${encodeURIComponent(`#${name}:harbour.example`)}`;
    expect(await ben.http.exchange('DELETE', alias)).toMatchObject({ status: 403 });
    expect(await admin.exchange('DELETE', alias)).toMatchObject({ status: 200 });
  });

  it('takes a name to show, and the name itself where there is none', async () => {
    for (const [username, displayname, shown] of [
      ['bela', 'Béla', 'Béla'],
      ['cleo', null, 'cleo'],
    ] as const) {
      await post({ ...(await signed(username)), displayname });
      const profile = await workspace.nobody.request(
        'GET',
        `/_matrix/client/v3/profile/@${username}:harbour.example`,
      );
      expect(profile['displayname']).toBe(shown);
    }
  });

  it('takes a nonce once', async () => {
    const body = await signed('dora');
    expect((await post(body)).status).toBe(200);
    expect(await post(body)).toMatchObject({ status: 400, body: { errcode: 'M_UNKNOWN' } });
  });

  it.each<[string, (body: Awaited<ReturnType<typeof signed>>) => object, number, string]>([
    [
      'another secret',
      (b) => ({ mac: macOf([b.nonce, b.username, b.password, 'notadmin'], 'x') }),
      403,
      'M_FORBIDDEN',
    ],
    ['an admin that was not signed', () => ({ admin: true }), 403, 'M_FORBIDDEN'],
    [
      'another password than was signed',
      () => ({ password: 'another password' }),
      403,
      'M_FORBIDDEN',
    ],
    ['a mac that is too short', () => ({ mac: 'abcd' }), 400, 'M_BAD_JSON'],
    ['a nonce that we did not give', () => ({ nonce: 'guess' }), 400, 'M_UNKNOWN'],
    [
      'a type of user',
      (b) => ({
        user_type: 'bot',
        mac: macOf([b.nonce, b.username, b.password, 'notadmin', 'bot']),
      }),
      400,
      'M_INVALID_PARAM',
    ],
    [
      'a weak password',
      (b) => ({ password: 'short', mac: macOf([b.nonce, b.username, 'short', 'notadmin']) }),
      400,
      'M_WEAK_PASSWORD',
    ],
    [
      'a zero byte, by which two requests have one mac',
      (b) => ({ username: 'e\0x', mac: macOf([b.nonce, 'e\0x', b.password, 'notadmin']) }),
      400,
      'M_BAD_JSON',
    ],
    [
      'a name that is taken',
      (b) => ({ username: 'taken', mac: macOf([b.nonce, 'taken', b.password, 'notadmin']) }),
      400,
      'M_USER_IN_USE',
    ],
  ])('refuses %s', async (_what, change, status, errcode) => {
    await post(await signed('taken'));
    const body = await signed('emil');
    expect(await post({ ...body, ...change(body) })).toMatchObject({ status, body: { errcode } });
    const profile = await workspace.nobody.exchange(
      'GET',
      '/_matrix/client/v3/profile/@emil:harbour.example',
    );
    expect(profile.status).toBe(404);
  });

  it('[SEC-44] is off without a secret', async () => {
    await using without = await TestWorkspace.start();
    for (const [method, request] of [
      ['GET', {}],
      ['POST', { body: await signed('emil') }],
    ] as const) {
      const answer = await new HttpSession(without.clientUrl).exchange(method, PATH, request);
      expect(answer).toMatchObject({ status: 400, body: { errcode: 'M_UNKNOWN' } });
    }
  });
});
