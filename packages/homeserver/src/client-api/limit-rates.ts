import type { Clock } from '@hansa/net';
import { LRUCache } from 'lru-cache';
import { addressBlock } from '../accounts/address-block.ts';
import type { Route } from '../http/index.ts';
import { limitExceeded } from '../matrix-error.ts';

/** Calls at once of who was quiet before, as seconds' worth of them: a client that starts makes many. */
const BURST_SECONDS = 10;
/** Callers that are remembered; the longest unheard of is forgotten first. */
const MAX_CALLERS = 50_000;

/** A page of a room shows a hundred pictures at once: each counts as this much of a call. */
const FILE_SHARE = 0.1;
const FILES: ReadonlySet<string> = new Set([
  'GET /_matrix/client/v1/media/download/{serverName}/{mediaId}',
  'GET /_matrix/client/v1/media/download/{serverName}/{mediaId}/{fileName}',
  'GET /_matrix/client/v1/media/thumbnail/{serverName}/{mediaId}',
  'GET /_matrix/media/v3/download/{serverName}/{mediaId}',
  'GET /_matrix/media/v3/download/{serverName}/{mediaId}/{fileName}',
  'GET /_matrix/media/v3/thumbnail/{serverName}/{mediaId}',
]);

/** What only reads and is limited all the same, as the specification says; a test compares. */
export const LIMITED_READS: ReadonlySet<string> = new Set([
  ...FILES,
  'GET /_matrix/client/v1/media/config',
  'GET /_matrix/client/v3/account/whoami',
  'GET /_matrix/client/v3/capabilities',
  'GET /_matrix/client/v3/login',
  'GET /_matrix/client/v3/register/available',
  'GET /_matrix/client/v3/room_keys/version',
  'GET /_matrix/client/v3/rooms/{roomId}/aliases',
  'GET /_matrix/client/v3/voip/turnServer',
]);

interface Ports {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Calls a second that each user may make, and each address without one; 0: any number. */
  readonly perSecond: number;
}

/**
 * The same routes. Those that change something, and some that are costly to read, refuse who calls too often, on
 * whichever device. Kept in memory alone. Source: client-server API, "Rate limiting".
 */
export function limitRates(
  routes: readonly Route[],
  { clock, perSecond }: Ports,
): readonly Route[] {
  if (perSecond === 0) return routes;
  const spacingMs = 1_000 / perSecond;
  const burstMs = BURST_SECONDS * 1_000;
  /** When each would be through if the calls had come evenly. */
  const dueMs = new LRUCache<string, number>({ max: MAX_CALLERS });
  const count = (caller: string, share: number): void => {
    const nowMs = clock.monotonic();
    const due = Math.max(dueMs.get(caller) ?? nowMs, nowMs) + spacingMs * share;
    const excessMs = due - nowMs - burstMs;
    if (excessMs > 0) throw limitExceeded(Math.ceil(excessMs));
    dueMs.set(caller, due);
  };
  return routes.map((route) => {
    const name = nameOf(route);
    if (route.method === 'GET' && !LIMITED_READS.has(name)) return route;
    const share = FILES.has(name) ? FILE_SHARE : 1;
    return {
      ...route,
      handle: async (call) => {
        count(call.session?.userId ?? addressBlock(call.remoteAddress), share);
        return await route.handle(call);
      },
    };
  });
}

/** As the specification has it: the state key, which may be empty, stands in the path. */
export function nameOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path.replace(/(\/state\/\{eventType\})\/?$/, '$1/{stateKey}')}`;
}
