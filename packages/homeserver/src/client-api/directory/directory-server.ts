import { parseServerName, type ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { invalidParam } from '../../matrix-error.ts';

/** Whose directory is asked for; ours where none is named. */
export const DirectoryServer = Type.Optional(Type.String({ maxLength: 255 }));

/** @throws MatrixError `M_INVALID_PARAM` */
export function readDirectoryServer(text: string | undefined): ServerName | undefined {
  if (text === undefined) return undefined;
  const server = parseServerName(text);
  if (!server.ok) throw invalidParam(`server: ${server.reason}`);
  return server.value;
}
