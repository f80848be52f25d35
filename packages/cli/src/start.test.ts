import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createSigningKey, formatKeyFile } from '@hansa/protocol';
import { TestCa } from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endAll, hansa } from './testing/run-hansa.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-cli-'));
});
afterEach(async () => {
  await endAll();
  await rm(folder, { recursive: true, force: true });
});

/** A Node of the system that is too old for us, as the one somebody has before anything is installed. */
function olderNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders
    .filter((each) => !each.includes('node_modules'))
    .map((each) => join(each, 'node'))
    .find((node) => {
      const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
      const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1]);
      return major >= 20 && major < 24;
    });
  if (found === undefined) {
    process.stderr.write('SKIPPED: the launcher is not tried on an older Node: there is none\n');
  }
  return found;
}

const older = olderNode();
const nodes = [
  ['the Node that it needs', process.execPath],
  ['an older Node', older],
] as const;

interface Settings {
  readonly [setting: string]: unknown;
}

async function write(name: string, content: Settings | string): Promise<string> {
  const file = join(folder, name);
  const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2);
  await writeFile(file, text);
  return file;
}

function settings(changes: Settings = {}): Settings {
  const listen = { host: '127.0.0.1', port: 0 };
  return {
    serverName: 'harbour.example',
    data: 'data',
    client: listen,
    federation: { listen },
    ...changes,
  };
}

const start = (file: string, node?: string) => hansa(['start', '--config', file], { node });

describe.each(nodes)('hansa start, on %s', (_what, node) => {
  it.skipIf(node === undefined).each(['SIGTERM', 'SIGINT'] as const)(
    'says where it listens, answers, and ends by %s',
    async (signal) => {
      const { child, ready, ended } = start(await write('hansa.yaml', settings()), node);
      const { clients, workspace } = await ready;
      expect(workspace).toBe('harbour.example');
      const answer = await fetch(`${String(clients)}/_matrix/client/versions`);
      expect(answer.status).toBe(200);
      child.kill(signal);
      const { code, out, err } = await ended;
      expect([code, err]).toEqual([0, '']);
      expect(out.trimEnd().split('\n').at(-1)).toContain('"msg":"stopped"');
    },
  );

  it.skipIf(node === undefined)(
    'ends in order by a Ctrl+C, which reaches launcher and server',
    async () => {
      const { child, ready, ended } = start(await write('hansa.yaml', settings()), node);
      await ready;
      process.kill(-Number(child.pid), 'SIGINT');
      expect(await ended).toMatchObject({ code: 0, err: '' });
    },
  );

  it.skipIf(node === undefined)('refuses data that another process holds', async () => {
    const file = await write('hansa.yaml', settings());
    const first = start(file, node);
    await first.ready;
    const { code, err } = await start(file, node).ended;
    expect(code).toBe(1);
    expect(err).toMatch(
      /^The database cannot be opened: .*hansa\.db is in use by another process\.\n$/,
    );
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  });
});

const ANOTHER_SEED = new Uint8Array(32).fill(7);

describe('hansa start', () => {
  it('goes on with the same key and data', async () => {
    const file = await write('hansa.yaml', settings());
    const keys: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      const { child, ready, ended } = start(file);
      const { federation } = await ready;
      const answer = await fetch(`${String(federation)}/_matrix/key/v2/server`);
      keys.push(((await answer.json()) as Record<string, unknown>)['verify_keys']);
      child.kill('SIGTERM');
      await ended;
    }
    expect(keys[1]).toEqual(keys[0]);
  });

  describe('on data of an earlier start', () => {
    let file: string;
    let key: string;
    const keyFile = () => join(folder, 'data', 'signing.key');
    const runOnce = async () => {
      const { child, ready, ended } = start(file);
      await Promise.race([ready, ended]);
      child.kill('SIGTERM');
      return ended;
    };
    beforeEach(async () => {
      file = await write('hansa.yaml', settings());
      const { out } = await runOnce();
      expect(out).toMatch(/"keyId":"ed25519:a_\w{6}",.*"msg":"a signing key was made/);
      key = await readFile(keyFile(), 'utf8');
    });

    it('is silent about the key, which is the same', async () => {
      const { code, out } = await runOnce();
      expect(code).toBe(0);
      expect(out).not.toContain('signing key');
      expect(await readFile(keyFile(), 'utf8')).toBe(key);
    });

    it('refuses another name, and goes on with the old one', async () => {
      await write('hansa.yaml', settings({ serverName: 'gamma.example' }));
      const { code, err } = await runOnce();
      expect(code).toBe(1);
      expect(err).toBe(
        `${file}:2:17: "serverName" is "gamma.example", but the data in ${join(folder, 'data')} belongs to ` +
          `"harbour.example". A workspace's name cannot be changed: put the old name back, or choose another "data".\n`,
      );
      await write('hansa.yaml', settings());
      expect((await runOnce()).code).toBe(0);
    });

    it('[SEC-44] does not replace a key that is gone', async () => {
      await rm(keyFile());
      const [, version = ''] = key.split(' ');
      for (let run = 0; run < 2; run += 1) {
        const { code, err } = await runOnce();
        expect(code).toBe(1);
        expect(err).toContain(
          `${keyFile()} is missing, but the database beside it was made with key ed25519:${version}. Restore it`,
        );
      }
      await writeFile(keyFile(), key);
      expect((await runOnce()).code).toBe(0);
    });

    it('takes a new key, with one warning', async () => {
      await writeFile(keyFile(), formatKeyFile([createSigningKey('new', ANOTHER_SEED)]));
      const first = await runOnce();
      expect(first.code).toBe(0);
      expect(first.out).toMatch(/"level":40.*"keyId":"ed25519:new".*another signing key/);
      expect((await runOnce()).out).not.toContain('another signing key');
    });

    it('[SEC-15] refuses a key whose secret everybody has', async () => {
      await writeFile(keyFile(), formatKeyFile([createSigningKey('new', new Uint8Array(32))]));
      const { code, err } = await runOnce();
      expect(code).toBe(1);
      expect(err).toContain(`${keyFile()} holds a key whose secret everybody has`);
      await writeFile(keyFile(), key);
      expect((await runOnce()).code).toBe(0);
    });

    it('refuses a new key under the id of the old one', async () => {
      const [, version = ''] = key.split(' ');
      await writeFile(keyFile(), formatKeyFile([createSigningKey(version, ANOTHER_SEED)]));
      const { code, err } = await runOnce();
      expect(code).toBe(1);
      expect(err).toContain(`is not the key ed25519:${version} that the database`);
    });
  });

  it('warns of a certificate that is not for its name', async () => {
    const { cert, key } = await (await TestCa.create()).issue(['lighthouse.example']);
    await write('certificate.pem', cert);
    await write('key.pem', key);
    const listen = { host: '127.0.0.1', port: 0 };
    const tls = { certificate: 'certificate.pem', key: 'key.pem' };
    const file = await write(
      'hansa.yaml',
      settings({ federation: { listen: { ...listen, tls } } }),
    );
    const { child, ready, ended } = start(file);
    await ready;
    child.kill('SIGTERM');
    const { out } = await ended;
    const warning = out.split('\n').find((line) => line.includes('"level":40')) ?? '';
    expect(warning).toMatch(
      /hansa\.yaml:\d+:\d+: \\"federation\.listen\.tls\.certificate\\": the certificate is for DNS:lighthouse\.example, and not for harbour\.example: other servers will not accept it/,
    );
  });

  it.each([
    [
      'no such file',
      async () => join(folder, 'absent.yaml'),
      /^\/[^ ]*absent\.yaml: there is no such file$/m,
    ],
    ['a folder for a file', async () => folder, /^[^ ]*hansa-cli-\w+: it is a folder$/m],
    [
      'a misspelt setting',
      () => write('hansa.yaml', settings({ publicURL: 'x' })),
      /hansa\.yaml:\d+:\d+: There is no setting "publicURL"\. Did you mean "publicUrl"\?/,
    ],
    ['text that is no YAML', () => write('hansa.yaml', 'a: [1\nb: 2'), /hansa\.yaml:\d+:\d+: /],
    ['an empty file', () => write('hansa.yaml', ''), /hansa\.yaml:1:1: The configuration/],
    [
      'a room version that there is not',
      () => write('hansa.yaml', settings({ defaultRoomVersion: '13' })),
      /hansa\.yaml:\d+:\d+: "defaultRoomVersion": must be one of 1, 2,/,
    ],
    [
      'a public address that is none',
      () => write('hansa.yaml', settings({ publicUrl: 'chat.harbour.example' })),
      /"publicUrl": must be an address such as https/,
    ],
    [
      'a certificate that is not there',
      () =>
        write(
          'hansa.yaml',
          settings({
            client: { host: '127.0.0.1', port: 0, tls: { certificate: 'no.pem', key: 'no.pem' } },
          }),
        ),
      /hansa\.yaml:\d+:\d+: "client\.tls\.certificate": .*no\.pem: there is no such file/,
    ],
    [
      'a data folder that is a file',
      async () => {
        await write('data', 'not a folder');
        return write('hansa.yaml', settings());
      },
      /"data": .*there is a file where a folder is needed/,
    ],
  ])('says in one line what is wrong: %s', async (_what, make, message) => {
    const { code, out, err } = await start(await make()).ended;
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect([code, out]).toEqual([1, '']);
  });

  it('takes the environment before the file, and names the variable that is wrong', async () => {
    const file = await write('hansa.yaml', settings());
    const args = ['start', '--config', file];
    const named = hansa(args, { variables: { HANSA_SERVER_NAME: 'lighthouse.example' } });
    expect((await named.ready)['workspace']).toBe('lighthouse.example');
    named.child.kill('SIGTERM');
    await named.ended;
    const wrong = await hansa(args, { variables: { HANSA_LOG_LEVEL: 'loud' } }).ended;
    expect(wrong.err).toBe(
      'HANSA_LOG_LEVEL: "logLevel": must be "debug", "info", "warn" or "error".\n',
    );
    expect(wrong.code).toBe(1);
  });

  it.each([
    ['certificate', 'is no certificate', 'there is no certificate in it'],
    ['key', 'of another certificate', 'it is not the private key of the certificate'],
    ['authority', 'is no certificate', 'there is no certificate in it'],
  ])('says when a file of TLS is not what it should be: %s %s', async (wrong, _how, message) => {
    const ca = await TestCa.create();
    const { cert } = await ca.issue(['harbour.example']);
    const { key } = await ca.issue(['harbour.example']);
    const nonsense = 'not PEM';
    await write('certificate.pem', wrong === 'certificate' ? nonsense : cert);
    await write('key.pem', key);
    await write('authority.pem', nonsense);
    const address = { host: '127.0.0.1', port: 0 };
    const tls = { certificate: 'certificate.pem', key: 'key.pem' };
    const federation = {
      listen: wrong === 'authority' ? address : { ...address, tls },
      certificateAuthorities: ['authority.pem'],
    };
    const { code, err } = await start(await write('hansa.yaml', settings({ federation }))).ended;
    expect(err).toContain(`${wrong}.pem: ${message}`);
    expect(err).toMatch(/hansa\.yaml:\d+:\d+: "federation\./);
    expect(code).toBe(1);
  });

  it('says when a port is taken, and lets go of the data', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const taken = settings({ client: { host: '127.0.0.1', port } });
    const file = await write('hansa.yaml', taken);
    const { code, err } = await start(file).ended;
    expect(err).toBe(
      `"client": cannot listen on 127.0.0.1:${port}: another program listens there already.\n`,
    );
    expect(code).toBe(1);
    server.close();
    const second = start(file);
    await second.ready;
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});

describe('hansa generate-config', () => {
  it('prints a configuration with which a workspace starts', async () => {
    const { code, out, err } = await hansa(['generate-config', 'harbour.example']).ended;
    expect([code, err]).toEqual([0, '']);
    const file = await write('hansa.yaml', out.replaceAll(/port: \d+/g, 'port: 0'));
    const { child, ready, ended } = start(file);
    expect((await ready)['workspace']).toBe('harbour.example');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('refuses a name that is none', async () => {
    const { code, out, err } = await hansa(['generate-config', 'har bour']).ended;
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('"serverName": must be a domain, such as alpha.example.');
  });
});

describe('hansa', () => {
  it.each([
    [['start'], 1, /'--config <file>' is missing\nExample: hansa start --config/],
    [
      ['start', '--confg', 'x.yaml'],
      1,
      /unknown option '--confg'\n\(Did you mean --config\?\)\nExample: /,
    ],
    [['stop'], 1, /unknown command/],
    [[], 1, /Usage: hansa/],
  ])('%j tells how it is used', async (args, code, message) => {
    const result = await hansa(args).ended;
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
  });
});
