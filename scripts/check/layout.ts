import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listSourceFiles } from '../process/list-files.ts';
import { root as checkout } from '../process/root.ts';
import { describeSizes, findForbiddenFolders } from './file-layout.ts';

// Holds folder names against the house rules, and says how long the files that ship are.
const { values } = parseArgs({ options: { root: { type: 'string', default: checkout } } });
const files = await listSourceFiles(values.root);

const forbidden = findForbiddenFolders(files);
for (const path of forbidden) {
  console.error(`forbidden-folder: ${path}\n    A thing lives with what it is about.`);
}

const shipped = files.filter((path) => path.startsWith('packages/') && !path.includes('.test.'));
const lines = shipped.map(
  (path) => readFileSync(join(values.root, path), 'utf8').split('\n').length - 1,
);
console.log(describeSizes(lines));
process.exitCode = forbidden.length === 0 ? 0 : 1;
