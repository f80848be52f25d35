import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import { findPostgres, PostgresCluster } from '@hansa/storage/testing/postgres-cluster';
import { ClientError } from '@hansa/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pair, SERVER_NAMES, type Victim } from './testing/pair.ts';

const MAX_AFTER = 30;
const programs = findPostgres();
/** Bounds against a hang: a kill takes some seconds. */
const PATIENCE_MS = 300_000;

/** Kills it, and starts it again when whoever was talking to it has noticed. */
async function killUnderLoad(pair: Pair, victim: Victim, after: number): Promise<void> {
  const process = pair.processOf(victim);
  const load = await pair.expectNothingLost(after, async () => {
    await process.kill();
    await process.resume();
  });
  // Nobody was refused: connections ended, and the server that was not killed did not mind.
  for (const [userId, failure] of load.failures) {
    expect(failure).not.toBeInstanceOf(ClientError);
    expect(userId.endsWith(victim === 'the sender' ? SERVER_NAMES[0] : SERVER_NAMES[1])).toBe(true);
  }
}

const kills = fc.record({
  victim: fc.constantFrom<Victim>('the sender', 'the receiver'),
  after: fc.integer({ min: 1, max: MAX_AFTER }),
});

describe('a workspace on SQLite that is killed while everybody sends', () => {
  let folder: string;
  let pair: Pair;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hansa-killed-'));
    pair = await Pair.start(folder);
  });
  afterAll(async () => {
    await pair.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'has kept all that it acknowledged, once, and so have the others',
    async () => {
      await fc.assert(
        fc.asyncProperty(kills, ({ victim, after }) =>
          pair.inTurn(() => killUnderLoad(pair, victim, after)),
        ),
        { ...propertyParameters(killRuns(6)), endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );

  it('or stopped has kept all that it acknowledged, once, and so have the others', async () => {
    const { process } = pair.harbour;
    const stop = async (): Promise<void> => {
      await process.stop();
      await process.resume();
    };
    await pair.inTurn(() => pair.expectNothingLost(MAX_AFTER, stop));
  });
});

describe.skipIf(programs === undefined)('a workspace on PostgreSQL', () => {
  let folder: string;
  let cluster: PostgresCluster;
  let databases: readonly [string, string];
  let pair: Pair;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hansa-killed-'));
    cluster = await PostgresCluster.start(programs ?? '');
    databases = [await cluster.createDatabase(), await cluster.createDatabase()];
    pair = await Pair.start(folder, databases);
  });
  afterAll(async () => {
    await pair.stop();
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'that is killed while everybody sends has kept all that it acknowledged, once, and so have the others',
    async () => {
      await fc.assert(
        fc.asyncProperty(kills, ({ victim, after }) =>
          pair.inTurn(() => killUnderLoad(pair, victim, after)),
        ),
        { ...propertyParameters(killRuns(2)), endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );

  it(
    'that loses its writing connection while everybody sends refuses nobody, and has kept all, once',
    async () => {
      const cut = async (): Promise<void> => {
        const writer = await cluster.findWriter(databases[0]);
        expect(writer).toBeDefined();
        await cluster.query(databases[0], 'SELECT pg_terminate_backend($1)', [writer]);
      };
      const load = await pair.inTurn(() => pair.expectNothingLost(MAX_AFTER, cut));
      expect([...load.failures]).toEqual([]);
    },
    PATIENCE_MS,
  );
});
