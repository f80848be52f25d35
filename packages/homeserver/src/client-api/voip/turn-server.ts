import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /voip/turnServer`: this server offers none. */
export function turnServer(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/voip/turnServer',
    auth: 'token',
    handler: async () => ({}),
  });
}
