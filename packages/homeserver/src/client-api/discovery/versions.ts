import { defineRoute, type Route } from '../../http/index.ts';

/** Every minor is named: clients look for the very string. Further ones come with what they promise. */
const VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((minor) => `v1.${minor}`);

/** What we have beyond the specification. */
const OURS = { 'chat.hansa.delivery': true };

/** `GET /versions` */
export function versions(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/versions',
    auth: 'none',
    handler: async () => ({ versions: VERSIONS, unstable_features: OURS }),
  });
}
