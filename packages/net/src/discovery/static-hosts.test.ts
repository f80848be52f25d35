import { expect, it } from 'vitest';
import { readStaticHosts } from './static-hosts.ts';

it('reads host names and addresses', () => {
  const hosts = readStaticHosts({
    'a.test': '127.0.0.1:8001',
    'b.test:99': '[::1]:8002',
    'c.test': 'inside.test:8003',
  });
  expect([...hosts]).toEqual([
    ['a.test', { host: '127.0.0.1', port: 8001 }],
    ['b.test:99', { host: '::1', port: 8002 }],
    ['c.test', { host: 'inside.test', port: 8003 }],
  ]);
});

it.each([
  ['a.test', '127.0.0.1', '"127.0.0.1" is not host:port'],
  ['a.test', 'https://b.test:1', '"https://b.test:1" is not host:port'],
  ['a.test', '::1:8448', '"::1:8448" is not host:port'],
  ['a.test', 'b.test:0', '"b.test:0" is not host:port'],
  ['a.test', 'b.test:65536', '"b.test:65536" is not host:port'],
  ['a test', 'b.test:1', '"a test" is not a host name'],
])('says what it cannot read: %s to %s', (name, address, message) => {
  expect(() => readStaticHosts({ [name]: address })).toThrow(message);
});
