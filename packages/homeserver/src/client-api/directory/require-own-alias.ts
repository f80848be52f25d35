import { serverOfAlias, type RoomAlias, type ServerName } from '@hansa/protocol';
import { invalidParam } from '../../matrix-error.ts';

/**
 * Aliases of other servers are theirs to give and to take.
 * @throws MatrixError `M_INVALID_PARAM`
 */
export function requireOwnAlias(alias: RoomAlias, serverName: ServerName): void {
  if (serverOfAlias(alias) === serverName) return;
  throw invalidParam(`roomAlias: ${alias} is not of this server, whose end with :${serverName}`);
}
