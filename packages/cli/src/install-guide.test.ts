import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { freePort } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import { GuideMachine } from './testing/guide-machine.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const PASSWORD = 'a password of tests';
/** It installs everything, which takes as long as the disk and the registry do. */
const TIMEOUT_MS = 600_000;

const read = (path: string) => readFile(`${PROJECT}/${path}`, 'utf8');

async function logIn(port: number, user: string): Promise<number> {
  const { status } = await fetch(`http://127.0.0.1:${port}/_matrix/client/v3/login`, {
    method: 'POST',
    body: JSON.stringify({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user },
      password: PASSWORD,
    }),
  });
  return status;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('docs/install.md', () => {
  it(
    'leads to a workspace that runs, is backed up and restored, goes up and comes back',
    async () => {
      const blocks = [...(await read('docs/install.md')).matchAll(/```sh\n(.*?)```/gs)];
      const [install = '', configure = '', start = '', addUser = '', look = '', ...later] =
        blocks.map(([, block = '']) => block);
      const [backUp = '', restore = '', upgrade = '', rollBack = '', ...more] = later;
      expect(more).toEqual([]);
      await using machine = await GuideMachine.create();
      const { words } = machine;
      const [client, federation] = [await freePort(), await freePort()];
      words.set('REPOSITORY', PROJECT).set('VERSION', 'HEAD').set('CHANGE', '9999-later');
      words.set(':8008/', `:${client}/`).set(':8448/', `:${federation}/`);

      await machine.follow(install);
      await machine.follow(configure);
      const file = machine.at('etc/hansa/hansa.yaml');
      const generated = await readFile(file, 'utf8');
      expect([generated.includes('port: 8008'), await modeOf(file)]).toEqual([true, '640']);
      // Two machines of tests may not have the same.
      const here = generated.replace('8008', `${client}`).replace('8448', `${federation}`);
      await writeFile(file, here);
      await machine.follow(start);
      const added = await machine.follow(addUser, `${PASSWORD}\n`);
      expect(added).toBe('@ada:chat.example\n');
      expect(await machine.follow(look)).toContain('"server_name":"chat.example"');

      const data = machine.at('var/lib/hansa');
      const files = await readdir(data);
      expect(files).toEqual(expect.arrayContaining(['hansa.db', 'hansa.sock', 'signing.key']));
      const modes = await Promise.all(files.map((name) => modeOf(`${data}/${name}`)));
      expect([await modeOf(data), ...new Set(modes)]).toEqual(['700', '600']);

      await machine.follow(backUp);
      await machine.follow(addUser.replace('ada', 'bela'), `${PASSWORD}\n`);
      expect([await logIn(client, 'ada'), await logIn(client, 'bela')]).toEqual([200, 200]);
      await machine.follow(restore);
      expect([await logIn(client, 'ada'), await logIn(client, 'bela')]).toEqual([200, 403]);

      await machine.follow(upgrade);
      expect(await logIn(client, 'ada')).toBe(200);
      await machine.follow('sudo systemctl stop hansa');
      await upgradeSchema(`${data}/hansa.db`);
      await expect(machine.follow('sudo systemctl start hansa')).rejects.toThrow(
        /schema 9999-later by a newer version of Hansa/,
      );
      await machine.follow(rollBack);
      expect(await logIn(client, 'ada')).toBe(200);
    },
    TIMEOUT_MS,
  );

  it.each(['deploy/nginx.conf', 'deploy/Caddyfile'])(
    'speaks of %s, which leads to the ports of the generated configuration',
    async (path) => {
      const lines = await read(path);
      expect(await read('docs/install.md')).toContain(`(../${path})`);
      const ports = new Set(lines.match(/(?<=127\.0\.0\.1:)\d+/g));
      expect([...ports].toSorted()).toEqual(['8008', '8448']);
      expect(lines).toContain('{"m.server": "chat.example:443"}');
      // A path behind the port would be put in the place of the one that was signed.
      expect(lines).not.toMatch(/127\.0\.0\.1:\d+\//);
    },
  );
});

/** As a version does that changes the schema. */
async function upgradeSchema(file: string): Promise<void> {
  await copyFile(file, `${file}.before-9999-later`);
  using database = new DatabaseSync(file);
  database.exec("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01T00:00:00.000Z')");
}
