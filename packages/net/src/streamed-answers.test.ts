import { once } from 'node:events';
import type { ServerName } from '@hansa/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemoteServerError } from './remote-server-error.ts';
import { get, Loopback, tell, type Handler } from './testing/loopback.ts';
import type { StreamedAnswer, Transport } from './transport.ts';

let loopback: Loopback;
let transport: Transport;
beforeAll(async () => {
  loopback = await Loopback.start(['a.test', 'b.test']);
  transport = loopback.transport();
});
afterAll(() => loopback[Symbol.asyncDispose]());

const LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 10_000 };

async function bytesOf({ body }: StreamedAnswer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function receive<T>(
  handler: Handler,
  read: (answer: StreamedAnswer) => Promise<T>,
  more: { readonly limits?: typeof LIMITS; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const { port } = await loopback.serve(handler);
  const server = `a.test:${port}` as ServerName;
  const request = { server, method: 'GET', path: '/x', headers: {}, limits: LIMITS } as const;
  return await transport.receive({ ...request, ...more }, read);
}

describe('an answer that is read as it comes', () => {
  it('is given before it has ended', async () => {
    const { promise: seen, resolve: see } = Promise.withResolvers<void>();
    const whole = await receive(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'x/y' }).write('first');
        void seen.then(() => response.end('second'));
      },
      async ({ status, headers, body }) => {
        const chunks: string[] = [];
        for await (const chunk of body) {
          chunks.push(Buffer.from(chunk).toString());
          see();
        }
        return [status, headers.get('content-type'), chunks.join('')];
      },
    );
    expect(whole).toEqual([200, 'x/y', 'firstsecond']);
  });

  it('[SEC-35] is refused where it passes the bound, and hung up on', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const endless: Handler = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more).on('close', resolve);
      more();
    };
    const failure = await receive(endless, bytesOf).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reachable: true, transient: false, tooLarge: true });
    await closed;
  });

  it.each([
    ['a length that it does not keep', { 'content-length': '10' }],
    ['chunks that do not end', {}],
  ])('fails where it breaks off: %s', async (_what, headers) => {
    const cut: Handler = (_request, response) => {
      response.writeHead(200, headers).write('half', () => response.destroy());
    };
    await expect(receive(cut, bytesOf)).rejects.toMatchObject({
      reachable: false,
      transient: true,
    });
  });

  it('[SEC-36] fails where it takes too long, also when it has begun', async () => {
    const stalls: Handler = (_request, response) => void response.write('half');
    await expect(
      receive(stalls, bytesOf, { limits: { ...LIMITS, timeoutMs: 100 } }),
    ).rejects.toMatchObject({ timedOut: true, transient: true });
  });

  it('fails with what its reader fails with, and hangs up', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const stalls: Handler = (_request, response) => {
      response.on('close', resolve).write('half');
    };
    const mine = new Error('the disk is full');
    await expect(
      receive(stalls, async ({ body }) => {
        for await (const _chunk of body) throw mine;
      }),
    ).rejects.toBe(mine);
    await closed;
  });

  it('is nothing that who gives up waits for', async () => {
    const giveUp = new AbortController();
    const stalls: Handler = (_request, response) => {
      response.write('half', () => giveUp.abort(new Error('enough')));
    };
    const { signal } = giveUp;
    await expect(receive(stalls, bytesOf, { signal })).rejects.toThrow('enough');
  });

  it('keeps no other request to the same server waiting', async () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const { promise: told, resolve: end } = Promise.withResolvers<void>();
    let files = 0;
    const { port } = await loopback.serve((request, response) => {
      if (request.url !== '/file') return tell(request, response);
      response.write('half');
      void told.then(() => response.end());
      files += 1;
      if (files === 4) resolve();
    });
    const server = `a.test:${port}` as ServerName;
    const asked = { server, method: 'GET', path: '/file', headers: {}, limits: LIMITS } as const;
    const receiving = Array.from({ length: 6 }, () => transport.receive(asked, bytesOf));
    await begun;
    expect(await get(transport, server)).toMatchObject({ status: 200 });
    end();
    await Promise.all(receiving);
  });
});

describe('what another server says that something is at', () => {
  const from = (url: string, through: Transport = transport) =>
    through.receiveFrom(
      { server: 'a.test' as ServerName, url, headers: {}, limits: LIMITS },
      async (answer) => `${answer.status} ${(await bytesOf(answer)).toString()}`,
    );

  it('is fetched from there, with its query, over a few redirects', async () => {
    const { port } = await loopback.serve((request, response) => {
      const step = Number(new URL(request.url ?? '', 'https://x').searchParams.get('step'));
      if (step === 3) response.end('found');
      else response.writeHead(302, { location: `/next?step=${step + 1}` }).end();
    });
    expect(await from(`https://b.test:${port}/?step=0`)).toBe('200 found');
    await expect(from(`https://b.test:${port}/?step=-1`)).rejects.toThrow('redirects more than 3');
  });

  it.each([
    ['http://b.test/', 'no https address'],
    ['file:///etc/passwd', 'no https address'],
    ['//b.test/', 'no https address'],
    ['https://user:secret@b.test/', 'no https address'],
    ['https://169.254.169.254/latest/meta-data', 'federation.allowedRanges'],
    ['https://[::ffff:10.0.0.1]/', 'federation.allowedRanges'],
    ['https://0x7f000001/', 'federation.allowedRanges'],
  ])('is not fetched from %s (SEC-37)', async (url, why) => {
    const outside = loopback.transport({ allowedRanges: [] });
    const failure: unknown = await from(url, outside).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RemoteServerError);
    expect(failure).toMatchObject({ reachable: false, transient: false });
    expect((failure as Error).message).toContain(why);
  });

  it('is not fetched where a redirect leads inside', async () => {
    const inside = 'https://10.255.0.1/secret';
    const { port, server } = await loopback.serve((_request, response) => {
      response.writeHead(307, { location: inside }).end();
    });
    const asked = once(server, 'request');
    await expect(from(`https://b.test:${port}/`)).rejects.toThrow('federation.allowedRanges');
    await asked;
  });
});
