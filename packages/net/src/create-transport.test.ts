import type { ServerName } from '@hansa/protocol';
import { freePort } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, Loopback, tell, textOf } from './testing/loopback.ts';

let loopback: Loopback;

beforeAll(async () => {
  loopback = await Loopback.start(['a.test', 'b.test', '127.0.0.1']);
});

afterAll(async () => {
  await loopback[Symbol.asyncDispose]();
});

describe('the transport', () => {
  it('sends the path as it is, with SNI and Host of the name', async () => {
    const { port } = await loopback.serve(tell);
    const path = '/_matrix/%2F%2f+%20!*?a=%7E&a=b&c';
    const answer = await get(loopback.transport(), `a.test:${port}`, { path });
    expect(JSON.parse(textOf(answer))).toEqual({
      sni: 'a.test',
      host: `a.test:${port}`,
      url: path,
    });
  });

  it('sends no SNI for an address, and wants its certificate', async () => {
    const { port } = await loopback.serve(tell);
    const answer = await get(loopback.transport(), `127.0.0.1:${port}`);
    expect(JSON.parse(textOf(answer))).toMatchObject({ sni: false, host: `127.0.0.1:${port}` });
  });

  it('connects where the configuration says, under the name of the server', async () => {
    const { port } = await loopback.serve(tell);
    const staticHosts = new Map([['a.test' as ServerName, { host: '127.0.0.1', port }]]);
    const answer = await get(loopback.transport({ staticHosts }), 'a.test');
    expect(JSON.parse(textOf(answer))).toMatchObject({ sni: 'a.test', host: 'a.test' });
  });

  it('tries all targets of a service, by their priority', async () => {
    const { port } = await loopback.serve(tell);
    const records = [
      { target: 'last.test', port, priority: 3, weight: 0 },
      { target: 'first.test', port: await freePort(), priority: 1, weight: 0 },
      { target: 'inside.test', port, priority: 2, weight: 0 },
    ];
    const asked: string[] = [];
    const resolver = {
      resolveServices: async () => records,
      resolveAddresses: async (host: string) => {
        asked.push(host);
        return [host === 'inside.test' ? '10.0.0.1' : '127.0.0.1'];
      },
    };
    const transport = loopback.transport({ resolver, wellKnownPort: await freePort() });
    const answer = await get(transport, 'a.test');
    expect(JSON.parse(textOf(answer))).toMatchObject({ sni: 'a.test', host: 'a.test' });
    expect(asked).toEqual(['a.test', 'first.test', 'inside.test', 'last.test']);
  });

  it('keeps its connections', async () => {
    const { server, port } = await loopback.serve(tell);
    let connections = 0;
    server.on('secureConnection', () => void (connections += 1));
    const transport = loopback.transport();
    for (let request = 0; request < 12; request += 1) await get(transport, `a.test:${port}`);
    // A second one may be opened while the first is not yet known to be free again.
    expect(connections).toBeLessThan(4);
  });

  it('follows a delegation, and its redirect, to the server that answers', async () => {
    const { port } = await loopback.serve(tell);
    const { port: wellKnownPort } = await loopback.serve((request, response) => {
      if (request.url === '/.well-known/matrix/server') {
        response.writeHead(302, { location: '/elsewhere' }).end();
      } else response.end(JSON.stringify({ 'm.server': `b.test:${port}` }));
    });
    const answer = await get(loopback.transport({ wellKnownPort }), 'a.test');
    expect(JSON.parse(textOf(answer))).toMatchObject({ sni: 'b.test', host: `b.test:${port}` });
  });

  it.each([[404], [500]])('answers with what the server answered: %i', async (status) => {
    const { port } = await loopback.serve((_request, response) => {
      response.writeHead(status, { 'x-a': 'b' }).end('no');
    });
    const answer = await get(loopback.transport(), `a.test:${port}`);
    expect([answer.status, answer.headers.get('x-a'), textOf(answer)]).toEqual([status, 'b', 'no']);
  });

  it('sends a body', async () => {
    const { port } = await loopback.serve((request, response) => void request.pipe(response));
    const answer = await get(loopback.transport(), `a.test:${port}`, {
      method: 'PUT',
      body: '{"a":"é"}',
    });
    expect(textOf(answer)).toBe('{"a":"é"}');
  });
});
