import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { listFiles } from '../process/list-files.ts';

const LINK = /\]\(([^)\s#]+)[^)]*\)/g;

it('has behind each link of a document what it names', async () => {
  const documents = await listFiles(root, ['*.md']);
  const links = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(LINK)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ document, target })),
  );
  expect(links.length).toBeGreaterThan(0);
  const broken = links.filter(
    ({ document, target }) => !existsSync(join(root, dirname(document), target)),
  );
  expect(broken).toEqual([]);
});
