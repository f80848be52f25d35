import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgresStore } from '../postgres/open-postgres-store.ts';
import { findPostgres, PostgresCluster } from '../testing/postgres-cluster.ts';
import { accountContract } from './account-contract.ts';
import { authGraphContract } from './auth-graph-contract.ts';
import { backendOn } from './backend-on.ts';
import { commitContract } from './commit-contract.ts';
import { destinationContract } from './destination-contract.ts';
import { eventContract } from './event-contract.ts';
import { mediaContract } from './media-contract.ts';
import { receiptContract } from './receipt-contract.ts';
import { roomContract } from './room-contract.ts';
import { stateContract } from './state-contract.ts';

const programs = findPostgres();

describe.skipIf(programs === undefined)('on PostgreSQL', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await PostgresCluster.start(programs ?? '');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const backend = backendOn('PostgreSQL', async () => {
    const url = await cluster.createDatabase();
    return { open: () => openPostgresStore({ url }), remove: () => cluster.dropDatabase(url) };
  });

  commitContract(backend);
  accountContract(backend);
  destinationContract(backend);
  eventContract(backend);
  roomContract(backend);
  mediaContract(backend);
  receiptContract(backend);
  authGraphContract(backend);
  stateContract(backend);
});
