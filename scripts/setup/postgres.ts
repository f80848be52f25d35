import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installDebian } from './debian.ts';
import type { Provided, Provision } from './provision.ts';

/** Where Debian puts each version's programs. */
const VERSIONS = '/usr/lib/postgresql';
const DEBIAN_PACKAGES = ['postgresql'];

/** PostgreSQL's programs, by which tests start servers of their own: `$HANSA_POSTGRES/postgres`. */
export const postgres: Provision = {
  name: 'postgres',
  variable: 'HANSA_POSTGRES',
  async provide(say): Promise<Provided> {
    const folder =
      findPrograms() ?? ((await installDebian(DEBIAN_PACKAGES, say)) && findPrograms());
    if (folder) return { ok: true, value: folder };
    const lacks = `the Debian package ${DEBIAN_PACKAGES.join(' ')}`;
    return { ok: false, lacks, reason: 'No initdb and postgres, neither by PATH nor by Debian.' };
  },
};

function findPrograms(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const folders = [
    ...newestFirst.map((version) => join(VERSIONS, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
}
