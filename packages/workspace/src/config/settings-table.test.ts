import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listSettings } from './list-settings.ts';
import { parseConfig } from './parse-config.ts';

const README = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');

it('the README has a row for every setting, and for no other', () => {
  const table = README.split('### All settings')[1]?.split('\n\n')[1] ?? '';
  const rows = table.split('\n').slice(2);
  const named = rows.flatMap((row) => (row.split('|')[1] ?? '').match(/[\w.]+/g) ?? []);
  expect(named.toSorted()).toEqual(
    listSettings()
      .map(({ path }) => path.join('.'))
      .toSorted(),
  );
});

it('the configurations in the README are what is read', () => {
  const texts = [...README.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
  const [alpha = '', linked = '', beta = ''] = texts;
  expect(parseConfig(alpha, 'alpha').config.serverName).toBe('alpha.example');
  expect(parseConfig(alpha + linked, 'alpha').config.federation.hosts).toEqual({
    'beta.example': '127.0.0.1:8449',
  });
  expect(parseConfig(beta, 'beta').config.federation.hosts).toEqual({
    'alpha.example': '127.0.0.1:8448',
  });
});
