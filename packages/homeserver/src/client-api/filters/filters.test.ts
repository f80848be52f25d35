import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const filters = ({ userId }: MatrixClient) =>
  `/_matrix/client/v3/user/${encodeURIComponent(userId)}/filter`;

const upload = (client: MatrixClient, filter: object, of = client) =>
  client.http.exchange<{ filter_id: string }>('POST', filters(of), { body: filter });

const FILTER = {
  room: { timeline: { limit: 3, types: ['m.room.message'] }, state: { lazy_load_members: true } },
  event_fields: ['type', 'content'],
  presence: { not_senders: ['@a:b'] },
};

describe('a filter', () => {
  it('comes back as it was given, and the same one under the same id', async () => {
    const [ada] = await workspace.people('ada');
    const { body } = await upload(ada, FILTER);
    expect(body.filter_id).not.toMatch(/^\{/);
    const url = `${filters(ada)}/${body.filter_id}`;
    expect(await ada.http.request('GET', url)).toEqual(FILTER);
    expect((await upload(ada, FILTER)).body).toEqual(body);
    expect((await upload(ada, {})).body).not.toEqual(body);
  });

  it('comes back with its own keys, whatever filter was read before', async () => {
    const [ada] = await workspace.people('ada');
    const headers = { authorization: `Bearer ${ada.accessToken}` };
    for (const filter of ['{"a":0,"x\\\\":0}', '{"a":0,"x\\n":0}']) {
      const { body } = await upload(ada, { a: 0, [filter.includes('n') ? 'x\n' : 'x\\']: 0 });
      const url = `${workspace.clientUrl}${filters(ada)}/${body.filter_id}`;
      expect(await (await fetch(url, { headers })).text()).toBe(filter);
    }
  });

  it('is its user’s own', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const { body } = await upload(ada, FILTER);
    expect(await upload(bela, FILTER, ada)).toMatchObject({ status: 403 });
    const forbidden = await bela.http.exchange('GET', `${filters(ada)}/${body.filter_id}`);
    expect(forbidden).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    const absent = await bela.http.exchange('GET', `${filters(bela)}/${body.filter_id}`);
    expect(absent).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
  });

  it.each([
    ['a limit that is text', { room: { timeline: { limit: 'ten' } } }],
    ['a negative limit', { room: { timeline: { limit: -1 } } }],
    ['types that are no list', { room: { state: { types: 'm.room.*' } } }],
    ['a room that is no object', { room: [] }],
    ['a flag that is none', { room: { include_leave: 'yes' } }],
  ])('is refused with %s', async (_what, filter) => {
    const [ada] = await workspace.people('ada');
    expect(await upload(ada, filter)).toMatchObject({
      status: 400,
      body: { errcode: 'M_BAD_JSON', error: expect.stringMatching(/^filter: room/) },
    });
  });

  it('is refused when it is larger than any needs to be', async () => {
    const [ada] = await workspace.people('ada');
    const filter = { room: { rooms: Array.from({ length: 400 }, () => `!${'x'.repeat(200)}`) } };
    expect(await upload(ada, filter)).toMatchObject({
      status: 413,
      body: { errcode: 'M_TOO_LARGE' },
    });
  });
});
