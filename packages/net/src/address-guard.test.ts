import { describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.ts';

describe('an address guard', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.8',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.1.2.3',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '2002:7f00:1::',
    '2001::7f00:1',
    '2001:db8::1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    'not an address',
    '',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
  ])('does not connect to %s', (address) => {
    expect(createAddressGuard([]).allows(address)).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a01:4f8::1',
    '::ffff:8.8.8.8',
  ])('connects to %s', (address) => {
    expect(createAddressGuard([]).allows(address)).toBe(true);
  });

  it('connects to the private ranges that it was told, and to no other', () => {
    const guard = createAddressGuard(['127.0.0.0/8', 'fd00::/8']);
    const asked = ['127.0.0.1', '::ffff:127.0.0.1', 'fd00::1', '10.0.0.1', '::1', '8.8.8.8'];
    expect(asked.map((address) => guard.allows(address))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it.each(['127.0.0.1', 'localhost/8', '127.0.0.0/x', '127.0.0.0/33', ''])(
    'does not take %j for a range',
    (range) => {
      expect(() => createAddressGuard([range])).toThrow(/range/);
    },
  );
});
