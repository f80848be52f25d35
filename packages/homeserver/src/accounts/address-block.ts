const MAPPED_V4 = '::ffff:';
const IPV6_GROUPS = 8;
/** A proxy may name as a caller what is no address. */
const MAX_CHARS = 64;
/** What one customer of a provider usually has: 64 bits. */
const NETWORK_GROUPS = 4;

/** The network that an IP address stands for where callers are told apart: an IPv4 address itself, the /64 of an IPv6 one. */
export function addressBlock(named: string): string {
  const address = named.slice(0, MAX_CHARS);
  if (!address.includes(':')) return address;
  const mapped = address.toLowerCase().startsWith(MAPPED_V4) && address.includes('.');
  if (mapped) return address.slice(MAPPED_V4.length);
  const [withoutZone = ''] = address.toLowerCase().split('%');
  const [left = '', right] = withoutZone.split('::');
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  const zeros = Array.from(
    { length: Math.max(0, IPV6_GROUPS - head.length - tail.length) },
    () => '0',
  );
  return [...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
}
