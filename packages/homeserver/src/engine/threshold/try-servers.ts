import { RemoteServerError } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import { UnfitRoomError } from '../funnel/begin-segment.ts';
import { explainRemote } from '../../explain-remote.ts';
import { MatrixError, notFound, unreachable } from '../../matrix-error.ts';

/**
 * Asks one server after the other until one helps. Where none does, the refusal that says most is told: one that
 * was meant, rather than that somebody could not be reached.
 */
export async function tryServers<T>(
  servers: readonly ServerName[],
  attempt: (server: ServerName) => Promise<T>,
): Promise<T> {
  let refusal: MatrixError | undefined;
  for (const server of servers) {
    try {
      return await attempt(server);
    } catch (error) {
      const told = toRefusal(server, error);
      if (refusal === undefined || refusal.status >= 500) refusal = told;
    }
  }
  throw refusal ?? notFound('No server is known that could help with this room.');
}

function toRefusal(server: ServerName, error: unknown): MatrixError {
  if (error instanceof MatrixError) return error;
  if (error instanceof UnfitRoomError) {
    return unreachable(`${server} gave us no valid room: ${error.message}.`, error);
  }
  if (!(error instanceof RemoteServerError)) throw error;
  const { errcode, reachable, status } = error;
  const message = explainRemote(error);
  const refuse = (told: number, code: string) =>
    new MatrixError(told, code, message, { cause: error });
  if (reachable && status === 403) return refuse(403, 'M_FORBIDDEN');
  if (reachable && status === 404) return refuse(404, 'M_NOT_FOUND');
  if (errcode === 'M_INCOMPATIBLE_ROOM_VERSION') return refuse(400, errcode);
  return unreachable(message, error);
}
