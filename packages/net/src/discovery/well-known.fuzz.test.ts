import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isServerName } from '@hansa/protocol';
import { mutatedBytes, mutatedText } from '@hansa/protocol/testing/mutations';
import { fuzzRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import { fetchWellKnown } from './fetch-well-known.ts';
import { cachePeriodMs } from './well-known-cache-period.ts';

const MINUTE_MS = 60_000;
const clock = { monotonic: () => 0 };

it('any answer names a server, or is refused in words', async () => {
  const samples = ['{"m.server":"b.test:8448"}', '{"m.server":"[::1]:1"}', '{"other":{}}', '[]'];
  const pieces = ['{', '}', '"', ':', 'm.server', '\\u0000', '[', '"__proto__":{},', '.', '1e3'];
  await fc.assert(
    fc.asyncProperty(mutatedBytes(samples, pieces), async (body) => {
      const exchange = () => Promise.resolve({ status: 200, headers: new Map(), body });
      return await fetchWellKnown({ clock, exchange }, 'a.test').then(
        ({ delegate }) => isServerName(delegate),
        (error: Error) => /not JSON|m\.server/.test(error.message),
      );
    }),
    propertyParameters(fuzzRuns),
  );
});

it('any redirect is followed to https, so often and no more', async () => {
  const samples = ['https://b.test/on', '/on?a=b', '//b.test:8448/', 'http://b.test/', ''];
  const pieces = ['/', ':', '@', '#', '?', '[', ']', '%00', 'https:', 'file:///', '1.2.3.4'];
  await fc.assert(
    fc.asyncProperty(mutatedText(samples, pieces), async (location) => {
      let asked = 0;
      const exchange = () => {
        asked += 1;
        const headers = new Map([['location', location]]);
        return Promise.resolve({ status: 302, headers, body: new Uint8Array() });
      };
      await expect(fetchWellKnown({ clock, exchange }, 'a.test')).rejects.toThrow(/redirect/);
      expect(asked).toBeLessThanOrEqual(6);
    }),
    propertyParameters(fuzzRuns),
  );
});

it('any headers keep a delegation for 5 minutes to 48 hours', () => {
  const samples = ['max-age=3600, public', 'no-store', 'Sat, 21 Nov 2026 15:00:00 GMT'];
  const header = mutatedText(samples, ['max-age=', '"', ',', '9', '-', '=', 'no-cache', 'e9']);
  fc.assert(
    fc.property(header, fc.constantFrom('cache-control', 'expires'), (value, name) => {
      const periodMs = cachePeriodMs(new Map([[name, value]]), 1_760_000_000_000);
      expect(periodMs).toBeGreaterThanOrEqual(5 * MINUTE_MS);
      expect(periodMs).toBeLessThanOrEqual(48 * 60 * MINUTE_MS);
    }),
    propertyParameters(fuzzRuns),
  );
});
