import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  VirtualEffects,
  WorkspaceNetwork,
  type MatrixClient,
  type TestWorkspace,
} from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let network: WorkspaceNetwork;
let alice: MatrixClient;
let bob: MatrixClient;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [alice, bob] = await network.people('alice', 'bob');
});
afterAll(() => network[Symbol.asyncDispose]());

const FOLDER = join('data', 'media');

async function countFiles(workspace: TestWorkspace): Promise<number> {
  const folder = join(workspace.folder, FOLDER);
  // It is made with the first file.
  if (!existsSync(folder)) return 0;
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).length;
}

describe('a file of another workspace', () => {
  it('is the same there byte for byte, with its name and type, and stays when the other is gone', async () => {
    const file = new Uint8Array(new VirtualEffects().random.bytes(3 * 1024 * 1024));
    const names = ['Übersicht.bin', 'a "b".bin'];
    const pairs = [[alice, bob, 1] as const, [bob, alice, 0] as const];
    for (const [index, [from, to, there]] of pairs.entries()) {
      const name = names[index] ?? '';
      const mxc = await from.upload(file, { type: 'application/x-plan; v=1', name });
      const own = await from.download(mxc);
      const first = await to.download(mxc);
      await network.server(1 - there).stop();
      const second = await to.download(mxc);
      await network.server(1 - there).resume();
      for (const { status, bytes, headers } of [own, first, second]) {
        expect([status, Buffer.compare(bytes, file)]).toEqual([200, 0]);
        expect(headers.get('content-type')).toBe('application/x-plan; v=1');
        expect(headers.get('content-disposition')).toBe(own.headers.get('content-disposition'));
      }
    }
  });

  it('is not fetched before somebody opens it (SEC-40), and then once for all', async () => {
    const before = await countFiles(network.server(1));
    const mxc = await alice.upload(new Uint8Array(Buffer.from('only when it is opened')));
    expect(await countFiles(network.server(1))).toBe(before);
    const answers = await Promise.all(Array.from({ length: 5 }, () => bob.download(mxc)));
    for (const { bytes } of answers) {
      expect(Buffer.from(bytes).toString()).toBe('only when it is opened');
    }
    expect(await countFiles(network.server(1))).toBe(before + 1);
  });

  it.each([
    ['an unknown one', 's1.test/nothing', 404, 'M_NOT_FOUND'],
    ['one of a server that is not there', 'nobody.invalid/abc', 502, 'M_UNKNOWN'],
    ['one of an address inside', '10.0.0.1/abc', 502, 'M_UNKNOWN'],
  ])('is told not to be there: %s', async (_what, path, status, errcode) => {
    const answer = await bob.download(`mxc://${path}`);
    expect(answer).toMatchObject({ status, body: { errcode } });
  });

  it('has a thumbnail there', async () => {
    // A PNG of one pixel.
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const mxc = await alice.upload(new Uint8Array(png), { type: 'image/png' });
    const answer = await bob.thumbnail(mxc, { width: 32, height: 32 });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.compare(answer.bytes, png)).toBe(0);
  });
});

it('the folder of media is for nobody else to read', async () => {
  const folder = join(network.server(0).folder, FOLDER);
  await alice.upload(new Uint8Array(1));
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of all) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect([entry.name, mode & 0o777]).toEqual([entry.name, entry.isFile() ? 0o600 : 0o700]);
  }
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
