import { Type } from 'typebox';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';

/** `POST /user/keys/query`: no device of ours has keys. */
export function queryKeys(): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/federation/v1/user/keys/query',
    auth: 'federation',
    body: Type.Object({ device_keys: AnyObject }),
    handler: async () => ({ device_keys: {} }),
  });
}
