import { afterEach, expect, it } from 'vitest';
import config from '../../vitest.config.ts';
import { listPrototypeMembers } from './prototype-members.ts';

const prototype = Object.prototype as Record<string, unknown>;
afterEach(() => delete prototype['polluted']);

it('sees what an assignment through __proto__ gives to all objects', () => {
  const before = listPrototypeMembers();
  const made: Record<string, Record<string, unknown>> = {};
  Object.assign(made['__proto__'] ?? {}, { polluted: true });
  expect([...before.symmetricDifference(listPrototypeMembers())]).toEqual([
    'Object.prototype.polluted',
  ]);
});

it('watches every test file', () => {
  expect(config).toMatchObject({
    test: { setupFiles: expect.arrayContaining(['scripts/test/keep-prototypes.ts']) },
  });
});
