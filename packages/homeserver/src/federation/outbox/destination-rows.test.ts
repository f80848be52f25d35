import type { ServerName } from '@hansa/protocol';
import { newDestination, type Refusal } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import { expect, it } from 'vitest';
import { MemoryDestinations } from '../testing/memory-destinations.ts';
import { DestinationRows } from './destination-rows.ts';

const B = 'b.test' as ServerName;
const at = (cursor: number) => ({ ...newDestination(B), cursor });

function setUp() {
  const effects = new VirtualEffects();
  const disk = new MemoryDestinations();
  const { store } = disk.open();
  /** Where the disk is slow: what waits for it. */
  let slow: Promise<void> | undefined;
  const rows = new DestinationRows({
    store: {
      readers: store.readers,
      transact: async (record) => {
        await slow;
        return await store.transact(record);
      },
    },
    effects,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const slowDown = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    slow = promise;
    return resolve;
  };
  return { effects, disk, rows, slowDown };
}

it('has stopped when what was being written is', async () => {
  const { effects, disk, rows, slowDown } = setUp();
  const goOn = slowDown();
  rows.later(at(1), []);
  await effects.advance(1_000);
  const stopped = rows.stop();
  goOn();
  await stopped;
  expect(disk.rows.get(B)).toMatchObject({ cursor: 1 });
});

it('writes when it stops what could not be written just before', async () => {
  const { effects, disk, rows, slowDown } = setUp();
  const goOn = slowDown();
  rows.later(at(1), []);
  await effects.advance(1_000);
  let failures = 1;
  disk.onPut = () => {
    failures -= 1;
    if (failures >= 0) throw new Error('the disk is full');
  };
  const stopped = rows.stop();
  goOn();
  await stopped;
  expect(disk.rows.get(B)).toMatchObject({ cursor: 1 });
});

it('keeps the newest of the refusals that cannot be written, up to a number', async () => {
  const { effects, disk, rows } = setUp();
  disk.onPut = () => {
    throw new Error('the disk is full');
  };
  const refusal = (position: number): Refusal => ({ server: B, position, error: 'no', at: 0 });
  for (let second = 0; second < 3; second += 1) {
    const first = second * 4_000;
    const refusals = Array.from({ length: 4_000 }, (_, n) => refusal(first + n));
    rows.later(at(first), refusals);
    await effects.advance(1_000);
  }
  disk.onPut = () => {};
  await rows.stop();
  expect(disk.refusals.length).toBe(10_000);
  expect(disk.refusals.at(0)).toEqual(refusal(2_000));
  expect(disk.refusals.at(-1)).toEqual(refusal(11_999));
});
