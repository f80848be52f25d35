import { isObject, parseJson, parseUserId } from '@hansa/protocol';
import type { AccountReader } from '@hansa/storage';
import { defineRoute, paramText, type Route } from '../../http/index.ts';
import { forbidden, notFound } from '../../matrix-error.ts';

/** `GET /user/{userId}/filter/{filterId}` */
export function getFilter({
  accounts,
}: {
  readonly accounts: Pick<AccountReader, 'findFilter'>;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/user/{userId}/filter/{filterId}',
    auth: 'token',
    params: { userId: parseUserId, filterId: paramText },
    handler: async ({ session, params }) => {
      if (params.userId !== session.userId) throw forbidden('Filters are kept for oneself only.');
      const json = await accounts.findFilter(session.userId, params.filterId);
      if (json === undefined) throw notFound('There is no such filter.');
      const filter = parseJson(json);
      if (!filter.ok || !isObject(filter.value)) throw new TypeError('a stored filter is broken');
      return filter.value;
    },
  });
}
