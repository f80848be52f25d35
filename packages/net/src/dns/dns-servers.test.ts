import { expect, it } from 'vitest';
import { readDnsServers } from './dns-servers.ts';

it('reads addresses, with ports and without', () => {
  expect(readDnsServers(['10.0.0.53', '10.0.0.53:5353', 'fd00::53', '[fd00::53]:5353'])).toEqual([
    '10.0.0.53:53',
    '10.0.0.53:5353',
    '[fd00::53]:53',
    '[fd00::53]:5353',
  ]);
});

it.each([
  'dns.example',
  '10.0.0',
  '010.0.0.53',
  '10.0.0.53:',
  '10.0.0.53:0',
  '10.0.0.53:70000',
  'fd00::53%lo',
  '',
])('does not take %j for one', (text) => {
  expect(() => readDnsServers([text])).toThrow(`${JSON.stringify(text)} is no address`);
});
