import { afterEach, expect, it } from 'vitest';
import config from '../../vitest.config.ts';
import { listChangedMembers, listPrototypeMembers } from './prototype-members.ts';

const prototype = Object.prototype as Record<string, unknown>;
const { toString } = Object.prototype;
afterEach(() => {
  delete prototype['polluted'];
  // Not enumerable, as it was.
  Object.defineProperty(prototype, 'toString', { value: toString });
});

it('sees what an assignment through __proto__ gives to all objects', () => {
  const before = listPrototypeMembers();
  const made: Record<string, Record<string, unknown>> = {};
  Object.assign(made['__proto__'] ?? {}, { polluted: true });
  expect(listChangedMembers(before, listPrototypeMembers())).toEqual(['Object.prototype.polluted']);
});

it('sees what takes the place of something that all objects have', () => {
  const before = listPrototypeMembers();
  const made: Record<string, Record<string, unknown>> = {};
  Object.assign(made['__proto__'] ?? {}, { toString: () => 'polluted' });
  expect(listChangedMembers(before, listPrototypeMembers())).toEqual(['Object.prototype.toString']);
});

it('watches every test file', () => {
  expect(config).toMatchObject({
    test: { setupFiles: expect.arrayContaining(['scripts/test/keep-prototypes.ts']) },
  });
});
