import type { EventReader } from '../ports/event-store.ts';
import type { Readers } from '../ports/store.ts';
import { SqlAccountReader } from './accounts.ts';
import { SqlClientTransactionReader } from './client-transactions.ts';
import { SqlDestinationReader } from './destinations.ts';
import { SqlDirectoryReader } from './directory.ts';
import { SqlEventReader } from './event-reader.ts';
import { SqlKeyReader } from './keys.ts';
import { SqlMediaReader } from './media.ts';
import { SqlOwnerReader } from './owners.ts';
import type { PduCache } from './pdu-cache.ts';
import { readPosition } from './read-position.ts';
import { SqlReceiptReader } from './receipts.ts';
import { SqlRoomReader } from './rooms.ts';
import type { Rows } from './rows.ts';
import { SqlStageReader } from './stage.ts';
import { SqlStateReader } from './state-reader.ts';
import type { Queries } from './tables.ts';
import { SqlThresholdReader } from './thresholds.ts';

/** What all readers of a database read through. */
export interface ReadPorts {
  readonly snapshot: Readers['snapshot'];
  readonly rows: Rows;
  readonly queries: Queries;
  readonly pdus: PduCache;
  readonly loadAuthGraph: EventReader['loadAuthGraph'];
}

export function openReaders(ports: ReadPorts): Readers {
  const { rows, queries, pdus, loadAuthGraph } = ports;
  return {
    snapshot: ports.snapshot,
    position: () => readPosition(rows),
    owner: new SqlOwnerReader(rows),
    accounts: new SqlAccountReader(rows, queries),
    directory: new SqlDirectoryReader(queries),
    keys: new SqlKeyReader(queries),
    destinations: new SqlDestinationReader(rows, pdus),
    events: new SqlEventReader(rows, pdus, loadAuthGraph),
    states: new SqlStateReader(rows),
    rooms: new SqlRoomReader(rows),
    stage: new SqlStageReader(rows),
    thresholds: new SqlThresholdReader(rows),
    clientTransactions: new SqlClientTransactionReader(rows),
    receipts: new SqlReceiptReader(rows),
    media: new SqlMediaReader(rows),
  };
}
