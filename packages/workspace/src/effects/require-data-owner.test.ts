import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireDataOwner } from './require-data-owner.ts';

it('data are written by whom their folder belongs to alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hansa-owner-'));
  const databaseFile = join(folder, 'hansa.db');
  const { uid } = await stat(folder);
  await requireDataOwner({ databaseFile });
  await requireDataOwner({ databaseFile }, uid);
  await expect(requireDataOwner({ databaseFile }, uid + 1)).rejects.toThrow(
    `${folder} belongs to another user: run this as that one`,
  );
  await rm(folder, { recursive: true });
});
