import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { TestWorkspace, VirtualEffects, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture } from '../../media/testing/pictures.ts';

const MAX_BYTES = 200_000;

let workspace: TestWorkspace;
let ada: MatrixClient;
beforeAll(async () => {
  workspace = await TestWorkspace.start({ media: { maxUploadBytes: MAX_BYTES } });
  ada = await workspace.register('ada');
});
afterAll(() => workspace[Symbol.asyncDispose]());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const DOWNLOAD = '/_matrix/client/v1/media/download';
const UPLOAD = '/_matrix/media/v3/upload';

/** Files below the folder of media, which is made with the first. */
async function files(): Promise<readonly string[]> {
  const folder = join(workspace.folder, 'data', 'media');
  await mkdir(folder, { recursive: true });
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const POLICY =
  "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src 'unsafe-inline'; object-src 'self';";

describe('a file', () => {
  it('is what was uploaded, byte for byte, with everything that keeps it from running', async () => {
    const [bela] = await workspace.people('bela');
    const file = new Uint8Array(new VirtualEffects().random.bytes(60_000));
    const mxc = await ada.upload(file, { type: 'application/pdf', name: 'plan.pdf' });
    expect(mxc).toMatch(/^mxc:\/\/harbour\.example\/[A-Za-z0-9_-]{32}$/);
    const answer = await bela.download(mxc);
    expect([answer.status, Buffer.compare(answer.bytes, file)]).toEqual([200, 0]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '60000',
      'content-disposition': 'attachment; filename="plan.pdf"',
      'content-security-policy': POLICY,
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    });
  });

  it('may be empty, and may be uploaded without a type', async () => {
    const answer = await ada.download(await ada.upload(new Uint8Array()));
    expect(answer).toMatchObject({ status: 200, bytes: new Uint8Array() });
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
  });

  it('may be of a type that no body of another endpoint has', async () => {
    const type = 'multipart/form-data; boundary=x';
    const answer = await ada.download(await ada.upload(bytes('--x--'), { type }));
    expect(answer).toMatchObject({ status: 200, bytes: bytes('--x--') });
    expect(answer.headers.get('content-type')).toBe(type);
  });

  it('is kept once, however often it comes', async () => {
    const before = await files();
    const addresses = [await ada.upload(bytes('twice')), await ada.upload(bytes('twice'))];
    expect(new Set(addresses).size).toBe(2);
    expect((await files()).length).toBe(before.length + 1);
  });

  it('is there after a restart', async () => {
    const mxc = await ada.upload(bytes('kept'));
    await workspace.stop();
    await workspace.resume();
    ada = await workspace.logIn(ada);
    expect(Buffer.from((await ada.download(mxc)).bytes).toString()).toBe('kept');
  });

  it.each([
    ['bytes=1-2', 206, 'bc', 'bytes 1-2/6'],
    ['bytes=4-', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=-2', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=0-100', 206, 'abcdef', 'bytes 0-5/6'],
    ['bytes=6-', 200, 'abcdef', null],
    ['bytes=2-1', 200, 'abcdef', null],
    ['bytes=0-1,3-4', 200, 'abcdef', null],
    ['lines=0-1', 200, 'abcdef', null],
  ])('is sent in part: %s', async (range, status, text, contentRange) => {
    const answer = await ada.download(await ada.upload(bytes('abcdef')), { range });
    expect([answer.status, Buffer.from(answer.bytes).toString()]).toEqual([status, text]);
    expect(answer.headers.get('content-length')).toBe(String(text.length));
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('accept-ranges')).toBe('bytes');
  });
});

describe('[SEC-42] a file that would run', () => {
  const script = bytes('<!doctype html><script>alert(1)</script>');
  const svg = bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  it.each([
    ['HTML', 'text/html', script, 'text/html', 'attachment'],
    ['SVG', 'image/svg+xml', svg, 'image/svg+xml', 'attachment'],
    ['SVG, with parameters', 'IMAGE/SVG+XML;a=b', svg, 'IMAGE/SVG+XML;a=b', 'attachment'],
    ['XHTML', 'application/xhtml+xml', script, 'application/xhtml+xml', 'attachment'],
    ['JavaScript', 'text/javascript', script, 'text/javascript', 'attachment'],
    ['HTML as a picture', 'image/png', script, 'application/octet-stream', 'attachment'],
    ['SVG as a picture', 'image/avif', svg, 'application/octet-stream', 'attachment'],
    ['HTML as text', 'text/plain', script, 'text/plain', 'inline'],
    [
      'a type of several lines',
      'text/plain\ttext/html',
      script,
      'application/octet-stream',
      'attachment',
    ],
    ['no type', 'html', script, 'application/octet-stream', 'attachment'],
  ])('is not shown as one: %s', async (_what, type, file, served, disposition) => {
    const { headers } = await ada.download(await ada.upload(file, { type }));
    expect(headers.get('content-type')).toBe(served);
    expect(headers.get('content-disposition')).toBe(disposition);
    expect(headers.get('content-security-policy')).toContain('sandbox;');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['png', 'jpeg', 'gif', 'webp'] as const)('is no picture: %s', async (format) => {
    const type = `image/${format}`;
    const file = await picture({ width: 8, height: 8, format });
    const { headers } = await ada.download(await ada.upload(file, { type }));
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toBe('inline');
    // What is another picture than it is said to be is not believed either.
    const other = format === 'png' ? 'image/gif' : 'image/png';
    const wrong = await ada.download(await ada.upload(file, { type: other }));
    expect(wrong.headers.get('content-disposition')).toBe('attachment');
  });
});

describe('the name of a file', () => {
  it.each([
    ['plan.txt', 'attachment; filename="plan.txt"'],
    ['a "b" \\ c', 'attachment; filename="a \\"b\\" \\\\ c"'],
    [
      'Übersicht €.txt',
      `attachment; filename="_bersicht _.txt"; filename*=utf-8''%C3%9Cbersicht%20%E2%82%AC.txt`,
    ],
    ["it's (1)*é", `attachment; filename="it's (1)*_"; filename*=utf-8''it%27s%20%281%29%2A%C3%A9`],
    ['a\r\nset-cookie: b', 'attachment; filename="aset-cookie: b"'],
    ['\u0000', 'attachment'],
    ['', 'attachment'],
  ])('is told again: %j', async (name, disposition) => {
    const mxc = await ada.upload(bytes('x'), { name });
    const { headers } = await ada.download(mxc);
    expect(headers.get('content-disposition')).toBe(disposition);
  });

  it('is that of the address, where it has one', async () => {
    const mxc = await ada.upload(bytes('x'), { name: 'old.txt', type: 'text/plain' });
    for (const [path, name] of [
      ['new.txt', 'new.txt'],
      ['..%2F..%2Fetc%2Fpasswd', '../../etc/passwd'],
    ] as const) {
      const { headers, bytes: read } = await ada.download(`${mxc}/${path}`);
      expect(headers.get('content-disposition')).toBe(`inline; filename="${name}"`);
      expect(Buffer.from(read).toString()).toBe('x');
    }
  });
});

describe('what leads nowhere', () => {
  it.each([
    ['an unknown id', 'harbour.example/nothing', 404, 'M_NOT_FOUND'],
    ['a path in an id', 'harbour.example/..%2F..%2Fhansa.db', 400, 'M_INVALID_PARAM'],
    ['a path twice encoded', 'harbour.example/..%252Fhansa.db', 400, 'M_INVALID_PARAM'],
    ['dots', 'harbour.example/..%00', 400, 'M_INVALID_PARAM'],
    ['a zero byte', 'harbour.example/a%00', 400, 'M_INVALID_PARAM'],
    ['a path in a server name', '..%2F..%2Fetc/passwd', 400, 'M_INVALID_PARAM'],
    [
      '[SEC-23] an id by which others let everybody in',
      'harbour.example/avatar',
      404,
      'M_NOT_FOUND',
    ],
    ['an id that is too long', `harbour.example/${'a'.repeat(256)}`, 400, 'M_INVALID_PARAM'],
  ])('is refused: %s', async (_what, path, status, errcode) => {
    const answer = await ada.http.exchangeFile('GET', `${DOWNLOAD}/${path}`);
    expect(answer).toMatchObject({ status, body: { errcode } });
  });

  it.each(['avatar', 'avatar123', 'public', 'emoji_png', 'thumbnail', 'download', 'config', 'me'])(
    '[SEC-23] is an id by which others let everybody in: %s',
    async (mediaId) => {
      for (const server of ['harbour.example', 'other.example']) {
        const paths = [
          `download/${server}/${mediaId}`,
          `download/${server}/${mediaId}/avatar.png`,
          `thumbnail/${server}/${mediaId}?width=1&height=1`,
        ];
        for (const path of paths) {
          const url = `${DOWNLOAD.slice(0, DOWNLOAD.lastIndexOf('/'))}/${path}`;
          const byNobody = await workspace.nobody.exchangeFile('GET', url);
          expect(byNobody).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } });
        }
      }
      const { status } = await ada.http.exchangeFile(
        'GET',
        `${DOWNLOAD}/harbour.example/${mediaId}`,
      );
      expect(status).toBe(404);
    },
  );

  it('is what nobody logged in for, and the older address of it (SEC-40)', async () => {
    const mxc = await ada.upload(bytes('private'), { type: 'text/plain' });
    const path = mxc.slice('mxc://'.length);
    const { nobody } = workspace;
    const unknown = await nobody.exchangeFile('GET', `${DOWNLOAD}/${path}`);
    expect(unknown).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } });
    const older = [
      `download/${path}`,
      `download/${path}/a.txt`,
      `thumbnail/${path}?width=1&height=1`,
    ];
    for (const client of [nobody, ada.http]) {
      for (const each of [...older, 'download/other.example/abc?allow_remote=true']) {
        const answer = await client.exchangeFile('GET', `/_matrix/media/v3/${each}`);
        expect(answer).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
      }
    }
  });
});

describe('a file that is too large', () => {
  it('is told beforehand', async () => {
    const config = await ada.http.request('GET', '/_matrix/client/v1/media/config');
    expect(config).toEqual({ 'm.upload.size': MAX_BYTES });
  });

  it('is refused, by what is said of it and by what comes, and leaves nothing', async () => {
    const before = await files();
    const declared = await ada.http.exchangeFile('POST', UPLOAD, {
      bytes: new Uint8Array(MAX_BYTES + 1),
    });
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(50_000));
        if ((sent += 50_000) > 10 * MAX_BYTES) controller.close();
      },
    });
    let sent = 0;
    const streamed = await ada.http.exchangeFile('POST', UPLOAD, { bytes: endless });
    for (const answer of [declared, streamed]) {
      expect(answer).toMatchObject({ status: 413, body: { errcode: 'M_TOO_LARGE' } });
    }
    expect(await files()).toEqual(before);
    const most = await ada.upload(new Uint8Array(MAX_BYTES));
    expect((await ada.download(most)).bytes).toHaveLength(MAX_BYTES);
  });

  it('is no more than a part where the caller hangs up, and leaves nothing either', async () => {
    const before = await files();
    const { hostname, port } = new URL(workspace.clientUrl);
    const socket = connect(Number(port), hostname);
    const head = `POST ${UPLOAD} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ada.accessToken}`;
    socket.write(`${head}\r\ncontent-length: 100\r\n\r\nhalf`);
    while ((await files()).length === before.length) await new Promise(setImmediate);
    socket.destroy();
    await once(socket, 'close');
    while ((await files()).length > before.length) await new Promise(setImmediate);
    expect(await files()).toEqual(before);
  });
});

it('takes a few uploads of one person at a time, and all of others', async () => {
  const [bela] = await workspace.people('bela');
  const ends: (() => void)[] = [];
  const begin = (client: MatrixClient) => {
    const { promise: end, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new Uint8Array(1));
        await end;
        controller.close();
      },
    });
    return client.http.exchangeFile('POST', UPLOAD, { bytes: body });
  };
  const uploads = Array.from({ length: 9 }, () => begin(ada));
  // One is refused at once; the others wait for their ends.
  const refused = await Promise.race(uploads);
  expect(refused).toMatchObject({ status: 429, body: { errcode: 'M_LIMIT_EXCEEDED' } });
  expect(refused.headers.get('retry-after')).toBe('2');
  const other = begin(bela);
  for (const end of ends) end();
  const statuses = (await Promise.all([...uploads, other])).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(9);
});
