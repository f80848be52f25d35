import { DEFAULT_ROOM_VERSION, type ServerName } from '@hansa/protocol';
import type { Parts } from '@hansa/workspace';

const anywhere = { host: '127.0.0.1', port: 0 };

/** What would stand in the configuration file of a simulated server. */
export function configuration(serverName: ServerName): Parts['installation'] {
  return {
    config: {
      serverName,
      data: 'data',
      client: anywhere,
      federation: { listen: anywhere },
      registration: 'open',
      rateLimit: 0,
      defaultRoomVersion: DEFAULT_ROOM_VERSION,
      logLevel: 'info',
    },
    authorities: [],
    clientTls: undefined,
    federationTls: undefined,
  };
}
