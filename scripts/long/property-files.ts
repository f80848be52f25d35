import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.ts';
import { listSourceFiles } from '../process/source-files.ts';

/** Test files that hold a property, from the folder of the repository on. */
export async function listPropertyFiles(): Promise<readonly string[]> {
  const tests = (await listSourceFiles(root)).filter((path) => path.endsWith('.test.ts'));
  return tests.filter((path) => /\bfc\.assert\(/.test(readFileSync(join(root, path), 'utf8')));
}
