import type { LoginFlows } from '@hansa/protocol/wire';
import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /login` */
export function loginFlows(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/login',
    auth: 'none',
    handler: async (): Promise<LoginFlows> => ({ flows: [{ type: 'm.login.password' }] }),
  });
}
