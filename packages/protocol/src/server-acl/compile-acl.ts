import { foldAscii } from '../glob/fold.ts';
import { Glob } from '../glob/glob.ts';
import type { ServerName } from '../identifiers/brand.ts';
import { splitServerName } from '../identifiers/server-name.ts';
import { isArray, member, type JsonObject, type JsonValue } from '../json/value.ts';

/** Which servers may take part in a room. Not an authorisation rule: it is asked of whoever makes a request. */
export interface ServerAcl {
  allows(server: ServerName): boolean;
}

const ALLOWS_ALL: ServerAcl = { allows: () => true };

/**
 * Reads the content of a room's `m.room.server_acl` event with the empty state key, `undefined` where the
 * state holds none. Malformed content is read as far as it can be, never refused: an ACL that counts for
 * nothing because of one bad entry would let everybody in. To be kept while the event is the room's: for one
 * name every entry costs at most its length × the name's.
 * Source: client-server API, "Server Access Control Lists"; server-server API, "Server ACLs".
 */
export function compileAcl(content: JsonObject | undefined): ServerAcl {
  if (content === undefined) return ALLOWS_ALL;
  const allowsIpLiterals = member(content, 'allow_ip_literals') !== false;
  const deny = globsOf(member(content, 'deny'));
  const allow = globsOf(member(content, 'allow'));
  return {
    allows(server) {
      // Patterns know no ports; they name an IPv6 address with its brackets, as `host` does.
      const { host, kind } = splitServerName(server);
      if (!allowsIpLiterals && kind !== 'dns') return false;
      const name = foldAscii(host);
      const matches = (glob: Glob): boolean => glob.matches(name);
      return !deny.some(matches) && allow.some(matches);
    },
  };
}

function globsOf(patterns: JsonValue | undefined): readonly Glob[] {
  if (!isArray(patterns)) return [];
  return patterns
    .filter((pattern) => typeof pattern === 'string')
    .map((pattern) => Glob.compile(foldAscii(pattern)));
}
