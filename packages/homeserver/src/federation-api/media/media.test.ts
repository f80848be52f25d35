import type { ServerName } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../http/index.ts';
import { readMediaPart, type MediaRepository } from '../../media/index.ts';
import { picture, sizeOf } from '../../media/testing/pictures.ts';
import { ADA, createTestMedia, uploadChunks } from '../../media/testing/test-media.ts';
import { federationRoutes } from '../federation-routes.ts';
import { expectContract } from '../testing/contract.ts';
import { OURS, stubPorts } from '../testing/stub-ports.ts';

const BASE = '/_matrix/federation/v1/media';
let store: Store;
let media: MediaRepository;
beforeEach(async () => {
  store = await openSqliteStore(createMemoryDisk());
  media = createTestMedia(new VirtualEffects(), { store });
});
afterEach(() => store.close());

const upload = (bytes: Uint8Array, contentType: string, fileName?: string) =>
  uploadChunks(media, [bytes], { contentType, fileName });

/** What another server gets: an error's JSON, or the second part. */
async function get(path: string) {
  const app = createApp({
    routes: federationRoutes(stubPorts({ media })),
    authenticators: { federation: async () => 'theirs.test' as ServerName },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const url = `${BASE}/${path}`;
  const headers = { authorization: 'X-Matrix ' };
  const { statusCode: status, rawPayload, headers: outer } = await app.inject({ url, headers });
  await app.close();
  if (status !== 200) {
    const body = JSON.parse(rawPayload.toString()) as object;
    expectContract({ method: 'GET', path: url, status, body });
    return { status, body, outer, headers: new Map<string, string>(), bytes: Buffer.alloc(0) };
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield rawPayload;
  }
  expect(outer['content-length']).toBe(String(rawPayload.byteLength));
  const part = await readMediaPart(outer['content-type'], whole());
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.bytes) chunks.push(chunk);
  return { status, body: {}, outer, headers: part.headers, bytes: Buffer.concat(chunks) };
}

describe('another server gets', () => {
  it('our file in two parts, as it was declared, for it to judge', async () => {
    const mediaId = await upload(Buffer.from('<svg/>'), 'image/svg+xml', 'ä.svg');
    const { status, headers, bytes, outer } = await get(`download/${mediaId}?timeout_ms=20000`);
    expect([status, bytes.toString()]).toEqual([200, '<svg/>']);
    expect(outer['content-type']).toMatch(/^multipart\/mixed; boundary=[0-9a-f]{48}$/);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'image/svg+xml',
      'content-disposition': `attachment; filename="_.svg"; filename*=utf-8''%C3%A4.svg`,
    });
  });

  it('a thumbnail of it', async () => {
    const file = await picture({ width: 200, height: 100, format: 'jpeg' });
    const mediaId = await upload(file, 'image/jpeg');
    const answer = await get(`thumbnail/${mediaId}?width=90&height=90&method=crop`);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="thumbnail.jpg"');
    expect(await sizeOf(answer.bytes)).toEqual({ width: 96, height: 96, frames: 1 });
  });

  it.each([
    ['an unknown file', 'download/nothing', 404, 'M_NOT_FOUND'],
    ['a thumbnail of one', 'thumbnail/nothing?width=1&height=1', 404, 'M_NOT_FOUND'],
    ['a path', 'download/..%2F..%2Fsigning.key', 400, 'M_INVALID_PARAM'],
    ['no size', 'thumbnail/nothing?width=1', 400, 'M_MISSING_PARAM'],
  ])('no %s', async (_what, path, status, errcode) => {
    expect(await get(path)).toMatchObject({ status, body: { errcode } });
  });

  it('no file of a third server, though it is here (SEC-22, SEC-40)', async () => {
    const mediaId = await upload(Buffer.from('x'), 'text/plain');
    const row = await store.readers.media.find(OURS, mediaId);
    if (row === undefined) throw new Error('it was not stored');
    const third = { ...row, server: 'third.test' as ServerName, mediaId: 'third' };
    await store.transact((writers) => writers.media.insert(third));
    expect(await get('download/third')).toMatchObject({ status: 404 });
  });

  it('no thumbnail of what is no picture', async () => {
    const mediaId = await upload(Buffer.from('text'), 'image/png');
    expect(await get(`thumbnail/${mediaId}?width=1&height=1`)).toMatchObject({
      status: 400,
      body: { errcode: 'M_UNKNOWN' },
    });
  });

  it('[SEC-43] nothing of what is blocked, as of what is not there', async () => {
    const file = await picture({ width: 64, height: 64, format: 'png' });
    const mediaId = await upload(file, 'image/png');
    const { hash } = await media.getOwn(mediaId);
    const paths = [`download/${mediaId}`, `thumbnail/${mediaId}?width=32&height=32&method=crop`];
    const statuses = () => Promise.all(paths.map(async (path) => (await get(path)).status));
    expect(await statuses()).toEqual([200, 200]);
    await media.blocks.block({ hash, by: ADA, reason: undefined });
    for (const path of paths) {
      expect(await get(path)).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
    }
    await media.blocks.unblock(hash);
    expect(await statuses()).toEqual([200, 200]);
  });
});
