import { afterAll, expect } from 'vitest';
import { listPrototypeMembers } from './prototype-members.ts';

// Loaded by vitest before each test file: no input of any test may change what all objects have.
const before = listPrototypeMembers();

afterAll(() => {
  const changed = before.symmetricDifference(listPrototypeMembers());
  expect([...changed], 'members that prototypes gained or lost').toEqual([]);
});
