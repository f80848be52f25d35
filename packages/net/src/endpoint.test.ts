import { expect, it } from 'vitest';
import { keyOfEndpoint, soleTarget } from './endpoint.ts';

const endpoint = (tlsName: string, ...targets: readonly (readonly [string, number])[]) => ({
  targets: targets.map(([host, port]) => soleTarget(host, port)),
  tlsName,
  hostHeader: tlsName,
});

it('shares connections of the same places under the same name, in any order', () => {
  const key = keyOfEndpoint(endpoint('a.test', ['x.test', 1], ['y.test', 2]));
  expect(keyOfEndpoint(endpoint('a.test', ['y.test', 2], ['x.test', 1]))).toBe(key);
  expect(keyOfEndpoint(endpoint('b.test', ['x.test', 1], ['y.test', 2]))).not.toBe(key);
  expect(keyOfEndpoint(endpoint('a.test', ['x.test', 1]))).not.toBe(key);
  expect(keyOfEndpoint(endpoint('a.test', ['x.test', 2], ['y.test', 1]))).not.toBe(key);
});

it('shares none that were made by another order of the same places', () => {
  const first = { ...soleTarget('x.test', 1), priority: 1 };
  const other = { ...soleTarget('y.test', 1), priority: 2 };
  const names = { tlsName: 'a.test', hostHeader: 'a.test' };
  const swapped = [
    { ...first, priority: 2 },
    { ...other, priority: 1 },
  ];
  const key = keyOfEndpoint({ ...names, targets: [first, other] });
  expect(keyOfEndpoint({ ...names, targets: swapped })).not.toBe(key);
});
