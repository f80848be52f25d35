import { createHash } from 'node:crypto';
import { canonicalJson, parseUserId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';
import { checkFilter } from '../../client-events/read-filter.ts';

const MAX_FILTER_BYTES = 64 * 1024;
const ID_CHARS = 22;

/** `POST /user/{userId}/filter`: the same filter gets the same id. */
export function createFilter({ store }: { readonly store: Pick<Store, 'transact'> }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/user/{userId}/filter',
    auth: 'token',
    params: { userId: parseUserId },
    body: AnyObject,
    maxBodyBytes: MAX_FILTER_BYTES,
    canonicalBody: true,
    handler: async ({ session, params, body }) => {
      if (params.userId !== session.userId) throw forbidden('Filters are kept for oneself only.');
      checkFilter(body);
      const json = canonicalJson(body);
      const filterId = createHash('sha256').update(json).digest('base64url').slice(0, ID_CHARS);
      await store.transact(({ accounts }) => accounts.putFilter(session.userId, filterId, json));
      return { filter_id: filterId };
    },
  });
}
