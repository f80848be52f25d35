import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { OwnKeyDocument } from './own-key-document.ts';

/** `GET /_matrix/key/v2/server` */
export function serverKeys(document: OwnKeyDocument): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/key/v2/server',
    auth: 'none',
    handler: async () => document.get(),
  });
}
