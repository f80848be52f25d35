import { afterAll, afterEach, expect } from 'vitest';
import { listChangedMembers, listPrototypeMembers } from './prototype-members.ts';

// Loaded by vitest before each test file: no input of any test may change what all objects have. Asked after each
// test, so that the one that did it is named, and after the file, for what is done outside of tests.
let before = listPrototypeMembers();

afterEach(expectNoChange);
afterAll(expectNoChange);

function expectNoChange(): void {
  const after = listPrototypeMembers();
  const changed = listChangedMembers(before, after);
  before = after;
  expect(changed, 'members of prototypes that are not what they were').toEqual([]);
}
