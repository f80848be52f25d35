import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';

/** `GET /version` */
export function version({ version: running }: { readonly version: string }): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/version',
    auth: 'none',
    handler: async () => ({ server: { name: 'Hansa', version: running } }),
  });
}
