import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport, systemEffects, type Transport } from '@hansa/net';
import { createSigningKey, parseAuthorization, type ServerName } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { TestCa, VirtualEffects, VirtualMediaDisk, type TlsIdentity } from '@hansa/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MatrixError } from '../matrix-error.ts';
import { servedType, type MediaRepository } from '../media/index.ts';
import { boastfulPng } from '../media/testing/pictures.ts';
import { ADA, createTestMedia, OURS, uploadChunks } from '../media/testing/test-media.ts';
import { createMediaDownload, FederationStreams } from './index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const THEIRS = 'theirs.test' as ServerName;
const MAX_BYTES = 100_000;
const PATH = '/_matrix/federation/v1/media/download/abc';
const FALLBACK = '/_matrix/media/v3/download/theirs.test/abc?allow_remote=false';

let ca: TestCa;
let identity: TlsIdentity;
let server: Server;
let transport: Transport;
let answer: Answer;
/** What the other server was asked for: path, and whether it was signed. */
let asked: (readonly [path: string | undefined, signedBy: string | undefined])[];
let disk: VirtualMediaDisk;
let effects: VirtualEffects;
let store: Store;
let media: MediaRepository;

beforeAll(async () => {
  ca = await TestCa.create();
  identity = await ca.issue([THEIRS]);
  server = createServer({ ...identity }, (request, response) => {
    const { authorization } = request.headers;
    const header = authorization === undefined ? undefined : parseAuthorization(authorization);
    asked.push([request.url, header?.ok === true ? header.value.origin : undefined]);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  transport = createTransport({
    effects: systemEffects(),
    authorities: [ca.certificate],
    allowedRanges: ['127.0.0.1/32'],
    staticHosts: new Map([[THEIRS, { host: '127.0.0.1', port: portOf(server) }]]),
    resolver: {
      resolveAddresses: async () => ['127.0.0.1'],
      resolveServices: () => Promise.reject(new Error('not asked')),
    },
  });
});
afterAll(async () => {
  await transport.close();
  server.close().closeAllConnections();
});

beforeEach(async () => {
  asked = [];
  effects = new VirtualEffects();
  disk = new VirtualMediaDisk(effects.clock);
  store = await openSqliteStore(createMemoryDisk());
  const own = {
    serverName: OURS,
    signingKey: createSigningKey('a', new Uint8Array(32)),
    retiredKeys: [],
  };
  media = createTestMedia(effects, {
    disk,
    store,
    download: createMediaDownload(new FederationStreams({ own, transport })),
    maxUploadBytes: MAX_BYTES,
    maxRemoteBytes: MAX_BYTES,
  });
});
afterEach(() => store.close());

function portOf(listening: Server): number {
  return (listening.address() as AddressInfo).port;
}

const TYPE = { 'content-type': 'multipart/mixed; boundary=xyz' };
const before = (...headers: readonly string[]) =>
  ['--xyz', 'Content-Type: application/json', '', '{}', '--xyz', ...headers, '', ''].join('\r\n');
const AFTER = '\r\n--xyz--\r\n';
const parts =
  (file: string | Uint8Array, ...headers: readonly string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, TYPE).write(before(...headers));
    response.write(file);
    response.end(AFTER);
  };
const refuses =
  (status: number, body: object): Answer =>
  (_request, response) =>
    void response.writeHead(status).end(JSON.stringify(body));

const get = () => media.get(THEIRS, 'abc');
const refusal = async (): Promise<MatrixError> => {
  const error: unknown = await get().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MatrixError);
  return error as MatrixError;
};

async function bytesOf(): Promise<string> {
  const file = await media.library.open(await get());
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream(0, file.sizeBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a file of another server', () => {
  it('is asked for by a signed request, kept with its name and type, and asked for once', async () => {
    answer = parts(
      'file',
      'Content-Type: text/plain',
      "Content-Disposition: inline; filename*=utf-8''%C3%A4.txt",
    );
    expect(await get()).toMatchObject({
      server: THEIRS,
      mediaId: 'abc',
      sizeBytes: 4,
      contentType: 'text/plain',
      fileName: 'ä.txt',
      uploader: undefined,
    });
    expect(await bytesOf()).toBe('file');
    expect(asked).toEqual([[PATH, OURS]]);
  });

  it('is fetched once for all who want it at the same time', async () => {
    const { promise: all, resolve } = Promise.withResolvers<void>();
    answer = (request, response) => void all.then(() => parts('file')(request, response));
    const waiting = Array.from({ length: 20 }, get);
    resolve();
    const found = await Promise.all(waiting);
    expect(new Set(found.map(({ hash }) => hash)).size).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('that was not given is asked for again after a while, and not before', async () => {
    answer = refuses(500, {});
    await refusal();
    answer = parts('file');
    await refusal();
    expect(asked).toHaveLength(1);
    await effects.advance(15_001);
    expect(await bytesOf()).toBe('file');
  });

  it('may be somewhere else, where nobody learns who asks', async () => {
    answer = (request, response) => {
      if (request.url === PATH) {
        const url = `https://${THEIRS}:${portOf(server)}/elsewhere?key=1`;
        parts('', `Location: ${url}`)(request, response);
      } else {
        response
          .writeHead(200, { 'content-disposition': 'attachment; filename=a.bin' })
          .end('there');
      }
    };
    expect(await get()).toMatchObject({
      contentType: 'application/octet-stream',
      fileName: 'a.bin',
    });
    expect(await bytesOf()).toBe('there');
    expect(asked).toEqual([
      [PATH, OURS],
      ['/elsewhere?key=1', undefined],
    ]);
  });

  it('is asked for as anybody may, where the server does not know how servers ask', async () => {
    answer = (request, response) => {
      if (request.url === PATH) refuses(404, { errcode: 'M_UNRECOGNIZED' })(request, response);
      else response.writeHead(200, { 'content-type': 'image/png' }).end('old');
    };
    const found = await get();
    expect(await bytesOf()).toBe('old');
    expect(asked).toEqual([
      [PATH, OURS],
      [FALLBACK, undefined],
    ]);
    // Not believed, from there as from here (SEC-42).
    expect(servedType(found)).toEqual({
      contentType: 'application/octet-stream',
      disposition: 'attachment',
    });
  });

  it('[SEC-43] is not kept where it is blocked, from whomever it came before, and not asked for each time', async () => {
    const mediaId = await uploadChunks(media, ['blocked']);
    const { hash } = await media.getOwn(mediaId);
    await media.blocks.block({ hash, by: ADA, reason: 'why' });
    const files = disk.paths;
    answer = parts('blocked', 'Content-Type: text/plain');
    for (let times = 0; times < 2; times += 1) {
      expect(await refusal()).toMatchObject({ status: 404, errcode: 'M_NOT_FOUND' });
    }
    expect([asked.length, disk.paths]).toEqual([1, files]);
    expect(await store.readers.media.find(THEIRS, 'abc')).toBeUndefined();
    await media.blocks.unblock(hash);
    await effects.advance(15_001);
    expect(await bytesOf()).toBe('blocked');
    // What is here already, too.
    await media.blocks.block({ hash, by: ADA, reason: undefined });
    expect(await refusal()).toMatchObject({ status: 404, errcode: 'M_NOT_FOUND' });
  });

  it('is not what its server says that it is (SEC-42)', async () => {
    answer = parts('<script>alert(1)</script>', 'Content-Type: image/png');
    expect(servedType(await get()).disposition).toBe('attachment');
  });

  it('is no thumbnail where it is too large for one', async () => {
    answer = parts(await boastfulPng(50_000, 50_000), 'Content-Type: image/png');
    const request = { width: 32, height: 32, method: 'crop', animated: false } as const;
    const error: unknown = await media.thumbnails
      .get(await get(), request)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ status: 502, errcode: 'M_TOO_LARGE' });
  });
});

describe('what another server does not give', () => {
  afterEach(() => expect(disk.paths).toEqual([]));

  it.each([
    [404, { errcode: 'M_NOT_FOUND' }, 404, 'M_NOT_FOUND'],
    [404, {}, 404, 'M_NOT_FOUND'],
    [504, { errcode: 'M_NOT_YET_UPLOADED' }, 504, 'M_NOT_YET_UPLOADED'],
    [502, { errcode: 'M_TOO_LARGE' }, 502, 'M_TOO_LARGE'],
    [413, {}, 502, 'M_TOO_LARGE'],
    [403, { errcode: 'M_FORBIDDEN' }, 502, 'M_UNKNOWN'],
    [429, { errcode: 'M_LIMIT_EXCEEDED' }, 502, 'M_UNKNOWN'],
    [500, {}, 502, 'M_UNKNOWN'],
    [302, {}, 502, 'M_UNKNOWN'],
  ])('is told: %d %j is %d %s', async (status, body, told, errcode) => {
    answer = refuses(status, body);
    expect(await refusal()).toMatchObject({ status: told, errcode });
    expect(asked).toEqual([[PATH, OURS]]);
  });

  it.each<readonly [string, Answer]>([
    [
      'breaks off in the middle',
      (_request, response) => {
        response.writeHead(200, TYPE).write(`${before()}half`, () => response.destroy());
      },
    ],
    [
      'ends in the middle',
      (_request, response) => {
        response.writeHead(200, TYPE).end(`${before()}half`);
      },
    ],
    [
      'is shorter than it says',
      (_request, response) => {
        response.writeHead(200, { ...TYPE, 'content-length': '5000' });
        response.write(`${before()}file${AFTER}`, () => response.destroy());
      },
    ],
    [
      'is longer than it says',
      (_request, response) => {
        const sizeBytes = before().length + 2;
        response.socket?.write(
          `HTTP/1.1 200 OK\r\ncontent-type: ${TYPE['content-type']}\r\ncontent-length: ${sizeBytes}\r\n\r\n${before()}file${AFTER}`,
        );
        response.socket?.end();
      },
    ],
    ['has a third part', parts('file\r\n--xyz\r\n\r\nmore')],
    [
      'is no multipart',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'image/png' }).end('file');
      },
    ],
    ['leads into our network (SEC-37)', parts('', 'Location: https://10.0.0.1/secret')],
    ['leads to the metadata of a cloud (SEC-37)', parts('', 'Location: https://169.254.169.254/')],
    ['leads out of TLS', parts('', 'Location: http://theirs.test/file')],
    ['leads to a file of ours', parts('', 'Location: file:///etc/passwd')],
  ])('is kept in no part: it %s', async (_what, given) => {
    answer = given;
    expect(await refusal()).toMatchObject({ status: 502, errcode: 'M_UNKNOWN' });
    expect(await store.readers.media.find(THEIRS, 'abc')).toBeUndefined();
  });

  it.each<readonly [string, Answer]>([
    [
      'says so',
      (_request, response) => {
        response.writeHead(200, { ...TYPE, 'content-length': '1000000000' }).write(before());
      },
    ],
    [
      'does not say so',
      (_request, response) => {
        response.writeHead(200, TYPE).write(before());
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
        };
        response.on('drain', more);
        more();
      },
    ],
    ['is so by a byte', parts(Buffer.alloc(MAX_BYTES + 1))],
  ])('is too large, and %s (SEC-36)', async (_what, given) => {
    answer = given;
    expect(await refusal()).toMatchObject({ status: 502, errcode: 'M_TOO_LARGE' });
  });

  it('is nothing that a stop waits for', async () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.writeHead(200, TYPE).write(`${before()}half`);
      resolve();
    };
    const failed = get().catch((error: unknown) => error);
    await begun;
    media.stop();
    expect(await failed).toMatchObject({ status: 503 });
    while (disk.paths.length > 0) await new Promise(setImmediate);
  });
});

it('nobody is asked for what is ours', async () => {
  await expect(media.get(OURS, 'abc')).rejects.toMatchObject({
    status: 404,
    errcode: 'M_NOT_FOUND',
  });
  expect(asked).toEqual([]);
});
