import { TEST_PASSWORD, TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function twoDevices(): Promise<readonly [MatrixClient, MatrixClient]> {
  const [phone] = await workspace.people('ada');
  return [phone, await workspace.logIn(phone)];
}

const pathOf = ({ deviceId }: MatrixClient) => `${API}/devices/${encodeURIComponent(deviceId)}`;

const idsOf = async ({ http }: MatrixClient): Promise<readonly string[]> => {
  const { devices } = await http.request<{ devices: { device_id: string }[] }>(
    'GET',
    `${API}/devices`,
  );
  return devices.map(({ device_id }) => device_id).toSorted();
};

async function isLoggedIn({ http }: MatrixClient): Promise<boolean> {
  return (await http.exchange('GET', `${API}/account/whoami`)).status === 200;
}

const passwordOf = ({ userId: user }: MatrixClient, password: string = TEST_PASSWORD) => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user },
  password,
});

/** Both ways of ending the device of `target`. */
const ENDINGS = [
  ['DELETE /devices/{deviceId}', 'DELETE', pathOf, () => ({})],
  [
    'POST /delete_devices',
    'POST',
    () => `${API}/delete_devices`,
    ({ deviceId }: MatrixClient) => ({ devices: [deviceId, deviceId, 'NEVER-WAS'] }),
  ],
] as const;

describe('the devices of a user', () => {
  it('are listed, and nobody else sees them', async () => {
    const [phone, laptop] = await twoDevices();
    const [stranger] = await workspace.people('eve');
    expect(await idsOf(phone)).toEqual([phone.deviceId, laptop.deviceId].toSorted());
    expect(await stranger.http.exchange('GET', pathOf(phone))).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });

  it('have names that can be changed, as often as one likes', async () => {
    const [phone, laptop] = await twoDevices();
    expect(await laptop.http.request('GET', pathOf(phone))).toEqual({ device_id: phone.deviceId });
    for (const display_name of ['Pocket', 'Pocket', 'Old phone']) {
      expect(await laptop.http.request('PUT', pathOf(phone), { display_name })).toEqual({});
    }
    expect(await laptop.http.request('PUT', pathOf(phone), {})).toEqual({});
    const expected = { device_id: phone.deviceId, display_name: 'Old phone' };
    expect(await phone.http.request('GET', pathOf(phone))).toEqual(expected);
    expect(await isLoggedIn(phone)).toBe(true);
  });

  it('are made by logging in alone, and named only by their user', async () => {
    const [phone] = await twoDevices();
    const [stranger] = await workspace.people('eve');
    const body = { display_name: 'Mine now' };
    for (const [who, path] of [
      [stranger, pathOf(phone)],
      [phone, `${API}/devices/NEW`],
    ] as const) {
      expect(await who.http.exchange('PUT', path, { body })).toMatchObject({ status: 404 });
    }
    expect(await phone.http.request('GET', pathOf(phone))).not.toHaveProperty('display_name');
  });

  it('have names of a bounded length', async () => {
    const [phone] = await twoDevices();
    const body = { display_name: 'x'.repeat(256) };
    expect(await phone.http.exchange('PUT', pathOf(phone), { body })).toMatchObject({
      status: 400,
      body: { errcode: 'M_BAD_JSON' },
    });
  });
});

describe.each(ENDINGS)('%s', (_name, method, path, bodyOf) => {
  const end = (by: MatrixClient, target: MatrixClient, auth?: object) =>
    by.http.exchange(method, path(target), {
      body: { ...bodyOf(target), ...(auth === undefined ? {} : { auth }) },
    });

  it('asks for the password first, and then ends the device with its token', async () => {
    const [phone, laptop] = await twoDevices();
    const asked = await end(phone, laptop);
    expect(asked).toMatchObject({
      status: 401,
      body: {
        flows: [{ stages: ['m.login.password'] }],
        params: {},
        completed: [],
        session: expect.any(String),
      },
    });
    expect(asked.body).not.toHaveProperty('errcode');
    expect(await isLoggedIn(laptop)).toBe(true);
    const auth = { ...passwordOf(phone), session: asked.body['session'] };
    expect(await end(phone, laptop, auth)).toMatchObject({ status: 200, body: {} });
    expect(await isLoggedIn(laptop)).toBe(false);
    expect(await isLoggedIn(phone)).toBe(true);
    expect(await idsOf(phone)).toEqual([phone.deviceId]);
  });

  it('is done when it was done before', async () => {
    const [phone, laptop] = await twoDevices();
    for (const _ of [1, 2]) {
      expect((await end(phone, laptop, passwordOf(phone))).status).toBe(200);
    }
  });

  it('takes no other stage, no wrong password and no password of somebody else', async () => {
    const [phone, laptop] = await twoDevices();
    const [stranger] = await workspace.people('eve');
    for (const [auth, errcode] of [
      [{ type: 'm.login.dummy' }, 'M_UNRECOGNIZED'],
      [passwordOf(phone, 'a wrong one'), 'M_FORBIDDEN'],
      [passwordOf(stranger), 'M_FORBIDDEN'],
    ] as const) {
      expect(await end(phone, laptop, auth)).toMatchObject({
        status: 401,
        body: { errcode, flows: [{ stages: ['m.login.password'] }] },
      });
    }
    const unnamed = { type: 'm.login.password', password: TEST_PASSWORD };
    expect(await end(phone, laptop, unnamed)).toMatchObject({ status: 400 });
    expect(await isLoggedIn(laptop)).toBe(true);
  });

  it('ends no device of another user', async () => {
    const [phone] = await twoDevices();
    const [stranger] = await workspace.people('eve');
    expect((await end(stranger, phone, passwordOf(stranger))).status).toBe(200);
    expect(await isLoggedIn(phone)).toBe(true);
  });

  it('is slowed down when passwords are guessed', async () => {
    const [phone, laptop] = await twoDevices();
    const guesses = Array.from({ length: 6 }, (_, index) =>
      end(phone, laptop, passwordOf(phone, `guess ${index}`)),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect((await end(phone, laptop, passwordOf(phone))).status).toBe(429);
    expect(await isLoggedIn(laptop)).toBe(true);
  });
});
