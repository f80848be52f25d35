import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { root } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import { cached } from './cache.ts';
import type { Provided, Provision } from './provision.ts';

/** Beside the checkout, read-only. The checker finds the specification's data by the relative path between the two. */
const SHARED = join(root, '../shared');
const CHECKER = 'tools/contract';
const DATA = 'matrix-spec';

/** The contract checker over the Matrix specification's own data: `$HANSA_CONTRACT/contract.mjs`, `$HANSA_CONTRACT/out/`. */
export const contract: Provision = {
  name: 'contract',
  variable: 'HANSA_CONTRACT',
  async provide(say): Promise<Provided> {
    const absent = [CHECKER, DATA].filter((path) => !existsSync(join(SHARED, path)));
    if (absent.length > 0) {
      const lacks = 'the folder "shared" beside the checkout';
      return { ok: false, lacks, reason: absent.map((path) => `No ../shared/${path}`).join('\n') };
    }
    try {
      const files = [...(await listFiles(CHECKER)), ...(await listFiles(DATA))];
      const folder = await cached(`contract-${await fingerprint(files)}`, async (into) => {
        say(`Building the contract checker, into ${relative(root, into)} …`);
        await build(files, into);
      });
      return { ok: true, value: join(folder, CHECKER) };
    } catch (error) {
      const lacks = 'the contract checker (npm must reach its registry)';
      return { ok: false, lacks, reason: error instanceof Error ? error.message : String(error) };
    }
  },
};

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(SHARED, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(SHARED.length + 1))
    .filter((path) => !path.includes('/node_modules/') && !path.startsWith(`${CHECKER}/out/`))
    .toSorted();
}

async function fingerprint(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of files) hash.update(path).update(await readFile(join(SHARED, path)));
  return hash.digest('hex').slice(0, 12);
}

async function build(files: readonly string[], into: string): Promise<void> {
  for (const path of files) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await copyFile(join(SHARED, path), join(into, path));
  }
  await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], join(into, CHECKER));
  await npm(['run', '--silent', 'all'], join(into, CHECKER));
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runCaptured('npm', args, { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
