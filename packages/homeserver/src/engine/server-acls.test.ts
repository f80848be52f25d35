import type { EventId, JsonObject, ServerName } from '@hansa/protocol';
import { countedJson, type Work } from '@hansa/protocol/testing/counted';
import { expect, it } from 'vitest';
import { ServerAcls } from './server-acls.ts';

const PATTERNS = 8_000;
const THEIRS = 'theirs.example' as ServerName;
const EVIL = 'n7.evil.example' as ServerName;

const acl = (eventId: string, content: JsonObject, work: Work) => ({
  eventId: `$${eventId}` as EventId,
  content: countedJson(content, work),
});

it('[SEC-31] an ACL is read once, however often it is asked', () => {
  const work: Work = { steps: 0 };
  const deny = Array.from({ length: PATTERNS }, (_, n) => `n${n}.evil.*`);
  const acls = new ServerAcls();
  const event = acl('one', { allow: ['*'], deny }, work);
  expect([acls.allows(event, THEIRS), acls.allows(event, EVIL)]).toEqual([true, false]);
  const once = work.steps;
  expect(once).toBeGreaterThan(PATTERNS);
  for (let times = 0; times < 100; times += 1) {
    expect([acls.allows(event, THEIRS), acls.allows(event, EVIL)]).toEqual([true, false]);
  }
  expect(work.steps).toBe(once);
});

it('another ACL says something else of the same server, and none nothing', () => {
  const work: Work = { steps: 0 };
  const acls = new ServerAcls();
  expect(acls.allows(acl('one', { allow: ['*'] }, work), THEIRS)).toBe(true);
  expect(acls.allows(acl('two', { allow: [] }, work), THEIRS)).toBe(false);
  expect(acls.allows(undefined, THEIRS)).toBe(true);
  expect(acls.allows(acl('one', { allow: ['*'] }, work), THEIRS)).toBe(true);
});

it('[SEC-31] an ACL that was not asked lately is read again, and not kept for ever', () => {
  const acls = new ServerAcls();
  const work: Work = { steps: 0 };
  const first = acl('first', { allow: ['*'], deny: ['n7.evil.*'] }, work);
  expect(acls.allows(first, THEIRS)).toBe(true);
  const once = work.steps;
  for (let n = 0; n < 100; n += 1) {
    const allow = n % 2 === 0 ? ['*'] : [];
    const other = acl(String(n), { allow }, { steps: 0 });
    expect(acls.allows(other, THEIRS)).toBe(n % 2 === 0);
  }
  expect(acls.allows(first, EVIL)).toBe(false);
  expect(work.steps).toBe(2 * once);
});
