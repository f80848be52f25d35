const IPV4_PARTS = 4;
const IPV6_GROUPS = 8;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const DECIMAL = /^[0-9]{1,3}$/;

/** Four decimal numbers from 0 to 255. */
export function isIpv4Literal(text: string): boolean {
  const parts = text.split('.', IPV4_PARTS + 1);
  return (
    parts.length === IPV4_PARTS && parts.every((part) => DECIMAL.test(part) && Number(part) <= 255)
  );
}

/** An IPv6 address without brackets and without zone, in the forms of RFC 3513, section 2.2. */
export function isIpv6Literal(text: string): boolean {
  const halves = text.split('::', 3);
  if (halves.length > 2) return false;
  const [head = '', tail] = halves;
  if (tail === undefined) return groupsIn(head, true) === IPV6_GROUPS;
  const before = head === '' ? 0 : groupsIn(head, false);
  const after = tail === '' ? 0 : groupsIn(tail, true);
  // "::" stands for one group or more.
  return before !== undefined && after !== undefined && before + after < IPV6_GROUPS;
}

/** Number of 16-bit groups; `undefined` when one is malformed. Only the end of an address may be written as IPv4. */
function groupsIn(text: string, mayEndInIpv4: boolean): number | undefined {
  const groups = text.split(':', IPV6_GROUPS + 1);
  const last = groups.at(-1);
  if (mayEndInIpv4 && last?.includes('.') === true) {
    if (!isIpv4Literal(last)) return undefined;
    return groups.slice(0, -1).every((group) => GROUP.test(group)) ? groups.length + 1 : undefined;
  }
  return groups.every((group) => GROUP.test(group)) ? groups.length : undefined;
}
