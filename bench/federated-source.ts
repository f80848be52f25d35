import type { EventSource } from './check-sample.ts';
import type { JsonObject } from './floors/canonical-json.ts';
import { publicKeyOf } from './floors/signed-event.ts';
import type { PeerServers, PeerTarget } from './peer-servers.ts';

export interface KeyDocument {
  readonly verify_keys: Readonly<Record<string, { readonly key: string }>>;
}

export function keysOf({ verify_keys: verifyKeys }: KeyDocument): EventSource['keys'] {
  return Object.fromEntries(
    Object.entries(verifyKeys).map(([keyId, { key }]) => [keyId, publicKeyOf(key)]),
  );
}

/** What a server of the room gets: events of `author`, from the one that is asked. */
async function federatedSource(
  peers: PeerServers,
  origin: string,
  { author, asked }: { readonly author: PeerTarget; readonly asked: PeerTarget },
): Promise<EventSource> {
  const get = <Answer>(target: PeerTarget, path: string) =>
    peers.ask<Answer>(origin, target, { method: 'GET', path: `/_matrix/${path}` });
  return {
    serverName: author.serverName,
    keys: keysOf(await get<KeyDocument>(author, 'key/v2/server')),
    fetch: async (eventId) => {
      const path = `federation/v1/event/${encodeURIComponent(eventId)}`;
      return (await get<{ pdus: readonly JsonObject[] }>(asked, path)).pdus[0];
    },
  };
}

/** The same, where the server that fetches is in the room only as long as it does: nothing is sent to it otherwise. */
export async function visitingSource<T>(
  peers: PeerServers,
  visit: { origin: string; author: PeerTarget; asked: PeerTarget; roomId: string },
  use: (source: EventSource) => Promise<T>,
): Promise<T> {
  const { origin, asked, roomId } = visit;
  await peers.join(origin, asked, roomId);
  const result = await use(await federatedSource(peers, origin, visit));
  await peers.leave(origin, asked, roomId);
  return result;
}
