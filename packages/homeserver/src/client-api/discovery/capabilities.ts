import { SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import type { CapabilitiesResponse } from '@hansa/protocol/wire';
import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /capabilities`: what is not built says so. */
export function capabilities({
  defaultRoomVersion,
}: {
  readonly defaultRoomVersion: string;
}): Route {
  const answer: CapabilitiesResponse = {
    capabilities: {
      'm.room_versions': {
        default: defaultRoomVersion,
        available: Object.fromEntries(SUPPORTED_ROOM_VERSIONS.map((id) => [id, 'stable'] as const)),
      },
      'm.change_password': { enabled: false },
      'm.set_displayname': { enabled: true },
      'm.set_avatar_url': { enabled: true },
      'm.3pid_changes': { enabled: false },
      'm.get_login_token': { enabled: false },
    },
  };
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/capabilities',
    auth: 'token',
    handler: async () => answer,
  });
}
