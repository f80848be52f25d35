import { afterEach, expect, it } from 'vitest';
import config from '../../vitest.config.ts';
import { listChangedMembers, listPrototypeMembers } from './prototype-members.ts';

const prototype = Object.prototype as Record<string, unknown>;
const own = Reflect.getOwnPropertyDescriptor(prototype, 'toString') ?? {};
afterEach(() => {
  delete prototype['polluted'];
  Object.defineProperty(prototype, 'toString', own);
});

it('sees what an assignment through __proto__ gives to all objects', () => {
  const members = listPrototypeMembers();
  const made: Record<string, Record<string, unknown>> = {};
  Object.assign(made['__proto__'] ?? {}, { polluted: true });
  expect(listChangedMembers(members, listPrototypeMembers())).toEqual([
    'Object.prototype.polluted',
  ]);
});

it('sees what takes the place of something that all objects have', () => {
  const members = listPrototypeMembers();
  const made: Record<string, Record<string, unknown>> = {};
  Object.assign(made['__proto__'] ?? {}, { toString: () => 'polluted' });
  expect(listChangedMembers(members, listPrototypeMembers())).toEqual([
    'Object.prototype.toString',
  ]);
});

it('watches every test file', () => {
  expect(config).toMatchObject({
    test: { setupFiles: expect.arrayContaining(['scripts/test/keep-prototypes.ts']) },
  });
});
