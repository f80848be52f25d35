import { Type } from 'typebox';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';

/** `POST /user/keys/claim`: no device of ours has keys. */
export function claimKeys(): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/federation/v1/user/keys/claim',
    auth: 'federation',
    body: Type.Object({ one_time_keys: AnyObject }),
    handler: async () => ({ one_time_keys: {} }),
  });
}
