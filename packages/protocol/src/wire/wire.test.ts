import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const files = readdirSync(folder).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
);

function withoutTypes(name: string): string {
  const source = readFileSync(new URL(name, folder), 'utf8');
  return stripTypeScriptTypes(source, { mode: 'strip' })
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .trim();
}

describe('wire', () => {
  it('[EV-11] is seen whole by this test', () => {
    expect(files).toContain('index.ts');
    expect(files.length).toBeGreaterThan(5);
  });

  it.each(files)('[EV-11] %s holds types and no value', (name) => {
    expect(withoutTypes(name).replaceAll(/^export \{\s*\};?$/gm, '')).toBe('');
  });

  it.each(files)('[EV-11] %s takes no type from elsewhere', (name) => {
    const source = readFileSync(new URL(name, folder), 'utf8');
    const from = [...source.matchAll(/\bfrom '([^']*)'/g)].map(([, path = '']) => path);
    expect(from.filter((path) => !/^\.\/[a-z-]+\.ts$/.test(path))).toEqual([]);
    expect(source).not.toMatch(/\bimport\(/);
  });

  it('[EV-11] exports nothing at run time', async () => {
    expect(Object.keys(await import('./index.ts'))).toEqual([]);
  });
});
