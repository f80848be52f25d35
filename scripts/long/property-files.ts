import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../process/root.ts';
import { listSourceFiles } from '../process/list-files.ts';

/** Test files that hold a property, or call a suite that does, from the folder of the repository on. */
export async function listPropertyFiles(): Promise<readonly string[]> {
  const holders = await listPropertyHolders();
  const suites = holders.filter((path) => !path.endsWith('.test.ts'));
  const imports = suites.map((path) => `/${basename(path)}'`);
  const tests = (await listSourceFiles(root)).filter((path) => path.endsWith('.test.ts'));
  return tests.filter((path) => {
    if (holders.includes(path)) return true;
    const text = readFileSync(join(root, path), 'utf8');
    return imports.some((end) => text.includes(end));
  });
}

/** Where properties are written: test files, and suites that tests of several backends call. */
export async function listPropertyHolders(): Promise<readonly string[]> {
  const sources = (await listSourceFiles(root)).filter((path) => path.endsWith('.ts'));
  return sources.filter((path) => /\bfc\.assert\(/.test(readFileSync(join(root, path), 'utf8')));
}
