import type { Pdu } from '@hansa/protocol';
import type { Writers } from '../ports/store.ts';
import { SqlAccountWriter } from './accounts.ts';
import { SqlClientTransactionWriter } from './client-transactions.ts';
import { SqlDestinationWriter } from './destinations.ts';
import { SqlDirectoryWriter } from './directory.ts';
import { SqlEventWriter } from './event-writer.ts';
import { SqlKeyWriter } from './keys.ts';
import { SqlMediaWriter } from './media.ts';
import { SqlOwnerWriter } from './owners.ts';
import type { Part } from './part.ts';
import { SqlReceiptWriter } from './receipts.ts';
import { SqlRoomWriter } from './room-writer.ts';
import { SqlStageWriter } from './stage.ts';
import { SqlStateWriter } from './state-writer.ts';
import type { Queries } from './tables.ts';
import { SqlThresholdWriter } from './thresholds.ts';

/** Writers that record into the part. `written` gets the events that it stores. */
export function openWriters(part: Part, queries: Queries, written: Pdu[]): Writers {
  return {
    takePosition: (leftFree) => part.takePosition(leftFree),
    owner: new SqlOwnerWriter(part),
    accounts: new SqlAccountWriter(part, queries),
    directory: new SqlDirectoryWriter(part, queries),
    keys: new SqlKeyWriter(part, queries),
    destinations: new SqlDestinationWriter(part),
    events: new SqlEventWriter(part, written),
    states: new SqlStateWriter(part),
    rooms: new SqlRoomWriter(part),
    stage: new SqlStageWriter(part),
    thresholds: new SqlThresholdWriter(part),
    clientTransactions: new SqlClientTransactionWriter(part),
    receipts: new SqlReceiptWriter(part),
    media: new SqlMediaWriter(part),
  };
}
