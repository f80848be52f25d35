import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  boastfulPng,
  picture,
  sizeOf,
  type PictureSettings,
} from '../../media/testing/pictures.ts';

let workspace: TestWorkspace;
let ada: MatrixClient;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
  ada = await workspace.register('ada');
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function upload(settings: PictureSettings): Promise<string> {
  return await ada.upload(await picture(settings), { type: `image/${settings.format}` });
}

describe('a thumbnail', () => {
  it.each([
    // Those of the specification, and others that are taken from them.
    [
      { width: 32, height: 32, method: 'crop' },
      { width: 32, height: 32 },
    ],
    [
      { width: 33, height: 30, method: 'crop' },
      { width: 96, height: 96 },
    ],
    [
      { width: 300, height: 225, method: 'crop' },
      { width: 320, height: 240 },
    ],
    [
      { width: 300, height: 300, method: 'crop' },
      { width: 320, height: 320 },
    ],
    [
      { width: 320, height: 240, method: 'scale' },
      { width: 480, height: 240 },
    ],
    [
      { width: 320, height: 240 },
      { width: 480, height: 240 },
    ],
    [
      { width: 600, height: 400, method: 'scale' },
      { width: 960, height: 480 },
    ],
    [
      { width: 801, height: 1, method: 'scale' },
      { width: 2400, height: 1200 },
    ],
    // Larger than any form: the picture itself.
    [
      { width: 1601, height: 1200, method: 'scale' },
      { width: 3000, height: 1500 },
    ],
    [
      { width: 3000, height: 1500, method: 'crop' },
      { width: 3000, height: 1500 },
    ],
  ] as const)('of 3000 × 1500 for %j is %j', async (query, size) => {
    const mxc = await upload({ width: 3000, height: 1500, format: 'jpeg' });
    const answer = await ada.thumbnail(mxc, query);
    expect(answer.status).toBe(200);
    expect(await sizeOf(answer.bytes)).toEqual({ ...size, frames: 1 });
  });

  it('is never larger than the picture, and the picture itself where that is small', async () => {
    const small = await picture({ width: 20, height: 40, format: 'png' });
    const mxc = await ada.upload(small, { type: 'image/png' });
    for (const query of [
      { width: 320, height: 240 },
      { width: 9000, height: 9000 },
    ]) {
      expect((await ada.thumbnail(mxc, query)).bytes).toEqual(small);
    }
    // What is missing is not made up: the shape is the form's all the same.
    const cropped = await ada.thumbnail(mxc, { width: 96, height: 96, method: 'crop' });
    expect(await sizeOf(cropped.bytes)).toEqual({ width: 20, height: 20, frames: 1 });
  });

  it.each([
    ['jpeg', false, 'image/jpeg', 'thumbnail.jpg'],
    ['png', true, 'image/png', 'thumbnail.png'],
    ['png', false, 'image/jpeg', 'thumbnail.jpg'],
    ['webp', true, 'image/png', 'thumbnail.png'],
  ] as const)(
    'of %s (transparent: %s) is %s, shown in place, with everything that a file has',
    async (format, transparent, type, name) => {
      const mxc = await upload({ width: 400, height: 400, format, transparent });
      const { headers, bytes } = await ada.thumbnail(mxc, { width: 96, height: 96 });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': type,
        'content-length': String(bytes.length),
        'content-disposition': `inline; filename="${name}"`,
        'content-security-policy': expect.stringContaining('sandbox;'),
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, max-age=31536000, immutable',
      });
    },
  );

  it.each([
    ['gif', true, 'image/webp', 3],
    ['gif', false, 'image/png', 1],
    ['webp', true, 'image/webp', 3],
    ['webp', undefined, 'image/jpeg', 1],
  ] as const)('of a moving %s, animated: %s, is %s', async (format, animated, type, frames) => {
    const mxc = await upload({ width: 300, height: 300, format, frames: 3 });
    const query = {
      width: 96,
      height: 96,
      method: 'crop',
      ...(animated !== undefined && { animated }),
    } as const;
    const { headers, bytes } = await ada.thumbnail(mxc, query);
    expect(headers.get('content-type')).toBe(type);
    expect(await sizeOf(bytes)).toEqual({ width: 96, height: 96, frames });
  });

  it('stands still where it is to, also if the picture is small, or asked for whole', async () => {
    const mxc = await upload({ width: 24, height: 24, format: 'gif', frames: 2 });
    for (const side of [96, 5000]) {
      const still = await ada.thumbnail(mxc, { width: side, height: side, animated: false });
      expect(await sizeOf(still.bytes)).toEqual({ width: 24, height: 24, frames: 1 });
      const moving = await ada.thumbnail(mxc, { width: side, height: side, animated: true });
      expect(moving.headers.get('content-type')).toBe('image/gif');
      expect((await sizeOf(moving.bytes)).frames).toBe(2);
    }
  });

  it('is the same for everybody who asks at once, and later', async () => {
    const mxc = await upload({ width: 500, height: 500, format: 'png' });
    const asked = Array.from({ length: 8 }, () => ada.thumbnail(mxc, { width: 96, height: 96 }));
    const [first, ...others] = await Promise.all(asked);
    const later = await ada.thumbnail(mxc, { width: 90, height: 90 });
    for (const other of [...others, later]) expect(other.bytes).toEqual(first?.bytes);
  });
});

describe('[SEC-41] what there is no thumbnail of', () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  it.each([
    ['text', 'image/png', bytes('no picture')],
    [
      'SVG',
      'image/svg+xml',
      bytes('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    [
      'SVG as PNG',
      'image/png',
      bytes('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['PostScript', 'image/png', bytes('%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n')],
    ['PDF', 'application/pdf', bytes('%PDF-1.7\n')],
    ['TIFF', 'image/tiff', bytes('II*\u0000\u0008\u0000\u0000\u0000')],
    ['a PNG that ends in the middle', 'image/png', bytes('\u0089PNG').fill(0)],
    ['a GIF without anything in it', 'image/gif', bytes('GIF89a')],
    ['nothing', 'image/png', new Uint8Array()],
  ])('is refused: %s', async (_what, type, file) => {
    const mxc = await ada.upload(file, { type });
    expect(await ada.thumbnail(mxc, { width: 96, height: 96 })).toMatchObject({
      status: 400,
      body: { errcode: 'M_UNKNOWN' },
    });
  });

  it.each([
    [50_000, 50_000],
    [2000, 60_000],
  ])('is a picture that is larger than it looks: %d × %d', async (width, height) => {
    const mxc = await ada.upload(await boastfulPng(width, height), { type: 'image/png' });
    for (const method of ['crop', 'scale'] as const) {
      expect(await ada.thumbnail(mxc, { width: 32, height: 32, method })).toMatchObject({
        status: 413,
        body: { errcode: 'M_TOO_LARGE' },
      });
    }
  });

  it.each([
    ['width=-1&height=1', 'M_INVALID_PARAM'],
    ['width=0&height=1', 'M_INVALID_PARAM'],
    ['width=1.5&height=1', 'M_INVALID_PARAM'],
    ['width=1&height=1000000000', 'M_INVALID_PARAM'],
    ['width=1', 'M_MISSING_PARAM'],
    ['width=1&height=1&method=stretch', 'M_INVALID_PARAM'],
    ['width=1&height=1&animated=maybe', 'M_INVALID_PARAM'],
  ])('is refused: %s', async (query, errcode) => {
    const mxc = await upload({ width: 8, height: 8, format: 'png' });
    const path = `/_matrix/client/v1/media/thumbnail/${mxc.slice('mxc://'.length)}?${query}`;
    const answer = await ada.http.exchangeFile('GET', path);
    expect(answer).toMatchObject({ status: 400, body: { errcode } });
  });
});
