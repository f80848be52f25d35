import type { Clock } from '@hansa/net';
import type { JsonObject, ServerName } from '@hansa/protocol';
import type { RoomViews } from '../../engine/room-views.ts';
import type { ServerAccess } from '../server-access.ts';

export interface EventPorts {
  readonly views: RoomViews;
  readonly access: ServerAccess;
  readonly serverName: ServerName;
  readonly clock: Clock;
}

export interface PduTransaction {
  readonly origin: ServerName;
  readonly origin_server_ts: number;
  readonly pdus: readonly JsonObject[];
}

/** The form in which single events and backfill are answered. */
export function transactionOf(
  { serverName, clock }: EventPorts,
  pdus: readonly JsonObject[],
): PduTransaction {
  return { origin: serverName, origin_server_ts: clock.now(), pdus };
}
