import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endAll, hansa } from './testing/run-hansa.ts';

const PASSWORD = 'a password of tests';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-user-'));
  file = join(folder, 'hansa.yaml');
  const listen = { host: '127.0.0.1', port: 0 };
  const federation = { listen };
  const config = { serverName: 'harbour.example', data: 'data', client: listen, federation };
  await writeFile(file, JSON.stringify(config));
});
afterEach(async () => {
  await endAll();
  await rm(folder, { recursive: true, force: true });
});

const add = (name: string, input = `${PASSWORD}\n`, more: readonly string[] = []) =>
  hansa(['user', 'add', name, '--config', file, ...more], { input }).ended;
const start = () => hansa(['start', '--config', file]);

async function logIn(clients: unknown, user: string): Promise<unknown> {
  const answer = await fetch(`${String(clients)}/_matrix/client/v3/login`, {
    method: 'POST',
    body: JSON.stringify({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user },
      password: PASSWORD,
    }),
  });
  return ((await answer.json()) as Record<string, unknown>)['user_id'];
}

describe('hansa user add', () => {
  it('makes an account before the first start, and while the workspace runs', async () => {
    const first = await add('ada', `${PASSWORD}\r\nand more`, ['--admin']);
    expect([first.code, first.out]).toEqual([0, '@ada:harbour.example\n']);
    const { child, ready, ended } = start();
    const { clients } = await ready;
    expect((await stat(join(folder, 'data', 'hansa.sock'))).mode & 0o777).toBe(0o600);
    expect(await add('Bela')).toEqual({ code: 0, out: '@bela:harbour.example\n', err: '' });
    expect(await logIn(clients, 'ada')).toBe('@ada:harbour.example');
    expect(await logIn(clients, 'bela')).toBe('@bela:harbour.example');
    child.kill('SIGTERM');
    expect((await ended).out).not.toContain('no administrator');
  });

  it('goes past the socket that a killed workspace left', async () => {
    const killed = start();
    await killed.ready;
    killed.child.kill('SIGKILL');
    expect((await killed.ended).out).toContain('there is no administrator yet');
    expect((await add('ada')).out).toBe('@ada:harbour.example\n');
    const next = start();
    await next.ready;
    expect((await add('bela')).out).toBe('@bela:harbour.example\n');
  });

  it('refuses, whether the workspace runs or not, and says why', async () => {
    const expectRefusals = async () => {
      for (const [name, input, message] of [
        ['ada', PASSWORD, 'The user ID @ada:harbour.example is taken.\n'],
        ['bela', 'short\n', 'A password has 8 characters or more.\n'],
        ['bela', '', 'A password has 8 characters or more.\n'],
        ['be la', PASSWORD, /^.+\n$/],
      ] as const) {
        const { code, out, err } = await add(name, input);
        expect([code, out]).toEqual([1, '']);
        expect(err).toMatch(message);
      }
    };
    await add('ada');
    await expectRefusals();
    await start().ready;
    await expectRefusals();
  });

  it('says that a workspace which cannot be asked holds the data', async () => {
    await start().ready;
    await rm(join(folder, 'data', 'hansa.sock'));
    const { code, err } = await add('ada');
    expect(code).toBe(1);
    expect(err).toMatch(/^The database cannot be opened: .*hansa\.db is in use by another process/);
  });

  it('takes no password as an argument', async () => {
    const { code, err } = await add('ada', PASSWORD, ['--password', PASSWORD]);
    expect(code).toBe(1);
    expect(err).toContain("unknown option '--password'");
  });
});

it('a workspace whose path is too long for a socket runs without', async () => {
  const data = join(folder, 'd'.repeat(100));
  await mkdir(data);
  const config = { HANSA_DATA: data };
  const { child, ready, ended } = hansa(['start', '--config', file], { variables: config });
  await ready;
  child.kill('SIGTERM');
  const { code, out } = await ended;
  expect(code).toBe(0);
  expect(out).toMatch(/"level":40.*will need this workspace to be stopped/);
});
