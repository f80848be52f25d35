import { Type } from 'typebox';
import type { AccountReader } from '@hansa/storage';
import { defineRoute, type Route } from '../../http/index.ts';
import { readFilter } from '../../client-events/read-filter.ts';
import type { Sync } from '../../sync/sync.ts';

interface Ports {
  readonly sync: Sync;
  readonly accounts: Pick<AccountReader, 'findFilter'>;
}

const Query = Type.Object({
  since: Type.Optional(Type.String({ maxLength: 128 })),
  filter: Type.Optional(Type.String({ maxLength: 65_536 })),
  timeout: Type.Optional(Type.Integer({ minimum: 0 })),
  full_state: Type.Optional(Type.Boolean()),
  use_state_after: Type.Optional(Type.Boolean()),
  /** Nobody is told who is present yet. */
  set_presence: Type.Optional(
    Type.Union([Type.Literal('offline'), Type.Literal('online'), Type.Literal('unavailable')]),
  ),
});

/** `GET /sync` */
export function syncRoute({ sync, accounts }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/sync',
    auth: 'token',
    query: Query,
    handler: async ({ session, query, signal }) =>
      sync.answer({
        viewer: session,
        since: query.since,
        timeoutMs: query.timeout ?? 0,
        filter: await readFilter(accounts, session.userId, query.filter),
        fullState: query.full_state ?? false,
        useStateAfter: query.use_state_after ?? false,
        signal,
      }),
  });
}
