import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /login` */
export function loginFlows(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/login',
    auth: 'none',
    handler: async () => ({ flows: [{ type: 'm.login.password' }] }),
  });
}
