import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { root } from '../process/root.ts';

interface Entry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')) as {
  packages: Record<string, Entry>;
};
const fromRegistry = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);
const installed = new Set(fromRegistry.map(([path]) => path.split('node_modules/').at(-1)));

// npm leaves out a platform's package that the registry lacks when it writes the lockfile, and `npm ci` refuses the
// lockfile then, on every platform. Take a version of which all are there.
it('has the packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !installed.has(name))
      .map((name) => `${name}, of ${path}`),
  );
  expect(missing).toEqual([]);
});

it('knows the hash of every package', () => {
  const unknown = fromRegistry.filter(([, { integrity }]) => integrity === undefined);
  expect(unknown.map(([path]) => path)).toEqual([]);
});

it('names no registry but the public one', () => {
  const elsewhere = fromRegistry.filter(
    ([, { resolved = 'https://registry.npmjs.org/' }]) =>
      !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});

it('runs no script when it is installed', () => {
  const scripted = fromRegistry.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(scripted.map(([path]) => path)).toEqual([]);
});
