import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../json/value.ts';
import { isServerName } from '../identifiers/server-name.ts';
import { mutatedJson } from '../testing/mutated-json.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { compileAcl } from './compile-acl.ts';

const SAMPLES: readonly JsonObject[] = [
  { allow: ['*'], deny: ['*.evil.example', 'h?.example.org'], allow_ip_literals: false },
  { allow: ['*.example.org', '1.2.3.*', '[2001:db8::*'], deny: [] },
];

const servers = fc
  .oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
    fc.constantFrom('a.evil.example:8448', 'hs.example.org', 'EXAMPLE.org'),
  )
  .filter(isServerName);

it('[ACL-8] [ACL-9] [ACL-10] of any content an ACL is made, and lets in nobody whom allow does not name', () => {
  fc.assert(
    fc.property(mutatedJson(SAMPLES), servers, (content, server) => {
      const allowed = compileAcl(content).allows(server);
      const { allow: _allow, ...withoutAllow } = content;
      expect([true, false]).toContain(allowed);
      expect(compileAcl(withoutAllow).allows(server)).toBe(false);
      expect(Object.prototype).not.toHaveProperty('allow');
    }),
    fuzzParameters(),
  );
});
