import { defineRoute, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';

/** `GET /room_keys/version`: nobody has a key backup, as there is no encryption yet. */
export function roomKeysVersion(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/room_keys/version',
    auth: 'token',
    handler: async () => {
      throw notFound('There is no key backup.');
    },
  });
}
