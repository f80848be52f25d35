import { BlockList, isIP } from 'node:net';

/** Decides to which addresses we connect, so that no peer can point us at what only we can reach. */
export interface AddressGuard {
  allows(address: string): boolean;
}

/** Special-purpose registries of IANA (RFC 6890 and its updates). */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** All global unicast there is. Mapped, translated, local and multicast addresses lie outside. */
const PUBLIC_V6 = '2000::/3';

/** Within it: protocol assignments with Teredo, documentation, and 6to4, which carries any IPv4 address. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const MAPPED_V4 = '::ffff:0:0/96';

/**
 * Allows public addresses, and those in `allowedRanges` (CIDR, such as `127.0.0.0/8` or `fd00::/8`).
 * An IPv4 address within an IPv6 one (`::ffff:127.0.0.1`) counts as the IPv4 address. Throws for what is no CIDR.
 */
export function createAddressGuard(allowedRanges: readonly string[]): AddressGuard {
  const allowed = rangesOf(allowedRanges);
  const notPublicV4 = rangesOf(NOT_PUBLIC_V4);
  const publicV6 = rangesOf([PUBLIC_V6]);
  const notPublicV6 = rangesOf(NOT_PUBLIC_V6);
  const mapped = rangesOf([MAPPED_V4]);
  return {
    allows(address) {
      const family = familyOf(address);
      if (family === undefined) return false;
      if (allowed.check(address, family)) return true;
      if (family === 'ipv4' || mapped.check(address, family)) {
        return !notPublicV4.check(address, family);
      }
      return publicV6.check(address, family) && !notPublicV6.check(address, family);
    },
  };
}

function rangesOf(cidrs: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix = ''] = cidr.split('/', 2);
    const family = familyOf(address);
    const longest = family === 'ipv4' ? 32 : 128;
    if (family === undefined || !/^[0-9]{1,3}$/.test(prefix) || Number(prefix) > longest) {
      throw new TypeError(`${JSON.stringify(cidr)} is no address range, such as 127.0.0.0/8`);
    }
    ranges.addSubnet(address, Number(prefix), family);
  }
  return ranges;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
