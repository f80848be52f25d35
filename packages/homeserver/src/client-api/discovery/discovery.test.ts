import { TestWorkspace } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';

describe('a client that finds its way', () => {
  it('is told the versions one by one', async () => {
    await using workspace = await TestWorkspace.start();
    const { body } = await workspace.nobody.exchange('GET', '/_matrix/client/versions');
    const versions = Array.from({ length: 12 }, (_, n) => `v1.${n + 1}`);
    expect(body).toEqual({ versions, unstable_features: { 'chat.hansa.delivery': true } });
  });

  it('is told what can be done here', async () => {
    await using workspace = await TestWorkspace.start({ defaultRoomVersion: '11' });
    const ada = await workspace.register('ada');
    const { capabilities } = await ada.http.request<{ capabilities: Record<string, unknown> }>(
      'GET',
      '/_matrix/client/v3/capabilities',
    );
    const versions = Array.from({ length: 12 }, (_, n) => [`${n + 1}`, 'stable']);
    expect(capabilities).toMatchObject({
      'm.room_versions': { default: '11', available: Object.fromEntries(versions) },
      'm.change_password': { enabled: false },
      'm.set_displayname': { enabled: true },
      'm.3pid_changes': { enabled: false },
    });
    const roomId = await ada.createRoom({});
    const create = (await ada.state(roomId)).find(({ type }) => type === 'm.room.create');
    expect(create?.content).toMatchObject({ room_version: '11' });
  });

  it('is led to the public address, where there is one', async () => {
    const url = '/.well-known/matrix/client';
    await using without = await TestWorkspace.start();
    expect(await without.nobody.exchange('GET', url)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND', error: expect.stringContaining('"publicUrl"') },
    });
    await using workspace = await TestWorkspace.start({
      publicUrl: 'https://chat.harbour.example',
    });
    expect((await workspace.nobody.exchange('GET', url)).body).toEqual({
      'm.homeserver': { base_url: 'https://chat.harbour.example' },
    });
  });
});

describe('what clients ask for and is not there yet', () => {
  it.each([
    ['/_matrix/client/v3/voip/turnServer', 200, {}],
    ['/_matrix/client/v3/room_keys/version', 404, { errcode: 'M_NOT_FOUND' }],
  ])('%s', async (path, status, body) => {
    await using workspace = await TestWorkspace.start();
    const ada = await workspace.register('ada');
    expect(await ada.http.exchange('GET', path)).toMatchObject({ status, body });
  });

  it('has the push rules that everybody has', async () => {
    await using workspace = await TestWorkspace.start();
    const ada = await workspace.register('ada');
    const { global } = await ada.http.request<{ global: Record<string, { rule_id: string }[]> }>(
      'GET',
      '/_matrix/client/v3/pushrules/',
    );
    expect(Object.keys(global).toSorted()).toEqual(
      ['content', 'override', 'room', 'sender', 'underride'].toSorted(),
    );
    expect(global['override']?.[0]).toMatchObject({ rule_id: '.m.rule.master', enabled: false });
    expect(JSON.stringify(global)).toContain(ada.userId);
  });
});
