import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from './run-captured.ts';

const SOURCES = ['*.ts', '*.tsx', '*.mts', '*.js', '*.mjs', '*.jsx'];

/** Paths, from the root of the checkout, of the source files that git has or would take in. */
export async function listSourceFiles(root: string): Promise<string[]> {
  return await listFiles(root, SOURCES);
}

/** The same of files whose names are like one of `patterns`. */
export async function listFiles(root: string, patterns: readonly string[]): Promise<string[]> {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const { code, stdout, stderr } = await runCaptured('git', list, { cwd: root });
  if (code !== 0) throw new Error(`git ls-files failed in ${root}: ${stderr}`);
  // A file that was deleted and not yet committed is still in git's list.
  return stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}
