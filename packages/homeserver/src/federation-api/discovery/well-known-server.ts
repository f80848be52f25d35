import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';

/** `GET /.well-known/matrix/server`: who speaks for our name, where the configuration says that it is another. */
export function wellKnownServer({ delegate }: { readonly delegate: string | undefined }): Route {
  return defineRoute({
    method: 'GET',
    path: '/.well-known/matrix/server',
    auth: 'none',
    handler: async () => {
      if (delegate === undefined) throw notFound('This server speaks for itself.');
      return { 'm.server': delegate };
    },
  });
}
