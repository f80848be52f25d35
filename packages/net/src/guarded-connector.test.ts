import { describe, expect, it } from 'vitest';
import { soleTarget } from './endpoint.ts';
import type { Endpoint, Target } from './endpoint.ts';
import { connectorIn, nameOf } from './testing/fake-connections.ts';

const SECOND = 1_000;

const ONE = '198.41.0.4';
const TWO = '199.9.14.201';
const THREE = '192.33.4.12';
const SIX = '2001:500:2::c';

function endpoint(...targets: readonly Target[]): Endpoint {
  return { targets, tlsName: 'a.test', hostHeader: 'a.test' };
}

const soleHost = endpoint(soleTarget('a.test', 443));
const primary: Target = { ...soleTarget('primary.test', 1), priority: 1 };
const backup: Target = { ...soleTarget('backup.test', 2), priority: 2 };
const both = endpoint(backup, primary);

describe('a connector', () => {
  it('tries the addresses of a name in turn, of both families', async () => {
    const { connector, opened } = connectorIn({
      addresses: { 'a.test': [SIX, ONE, TWO] },
      fates: { [TWO]: 'opens' },
    });
    expect(nameOf(await connector.connect(soleHost))).toBe(`${TWO} 443`);
    expect(opened).toEqual([`${SIX} 443`, `${ONE} 443`, `${TWO} 443`]);
  });

  it('waits a second for a silent address before it tries the next besides', async () => {
    const { connector, effects, opened } = connectorIn({
      addresses: { 'a.test': [SIX, ONE] },
      fates: { [SIX]: 'is silent', [ONE]: 'opens' },
    });
    const connecting = connector.connect(soleHost);
    await effects.advance(0);
    await effects.advance(SECOND - 1);
    expect(opened).toEqual([`${SIX} 443`]);
    await effects.advance(1);
    expect(nameOf(await connecting)).toBe(`${ONE} 443`);
  });

  it('tries eight addresses of a name and no more', async () => {
    const many = Array.from({ length: 20 }, (_, at) => `8.8.8.${at}`);
    const { connector, opened } = connectorIn({ addresses: { 'a.test': many } });
    await expect(connector.connect(soleHost)).rejects.toThrow('nothing listens there');
    expect(opened).toHaveLength(8);
  });

  it.each<[string, Readonly<Record<string, readonly string[]>>]>([
    ['refuses', { 'primary.test': [ONE], 'backup.test': [TWO] }],
    ['has no address', { 'backup.test': [TWO] }],
    ['is inside', { 'primary.test': ['10.0.0.1'], 'backup.test': [TWO] }],
  ])('goes on to the next target where the first %s', async (_what, addresses) => {
    const { connector } = connectorIn({ addresses, fates: { [TWO]: 'opens' } });
    expect(nameOf(await connector.connect(both))).toBe(`${TWO} 2`);
  });

  it('goes on to the next target after four seconds of silence', async () => {
    const { connector, effects, opened } = connectorIn({
      addresses: { 'primary.test': [ONE, TWO], 'backup.test': [THREE] },
      fates: { [ONE]: 'is silent', [TWO]: 'is silent', [THREE]: 'opens' },
    });
    const connecting = connector.connect(both);
    await effects.advance(0);
    await effects.advance(4 * SECOND - 1);
    expect(opened).toEqual([`${ONE} 1`, `${TWO} 1`]);
    await effects.advance(1);
    expect(nameOf(await connecting)).toBe(`${THREE} 2`);
  });

  it('gives up on one target after ten seconds', async () => {
    const { connector, effects } = connectorIn({
      addresses: { 'a.test': [ONE] },
      fates: { [ONE]: 'is silent' },
    });
    const failed = connector.connect(soleHost).catch((error: unknown) => error);
    await effects.advance(0);
    await effects.advance(10 * SECOND);
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(effects.nextTimerMs).toBeUndefined();
  });

  it('tells of each target that was silent', async () => {
    const { connector, effects } = connectorIn({
      addresses: { 'primary.test': [ONE], 'backup.test': [ONE] },
      fates: { [ONE]: 'is silent' },
    });
    const failed = connector.connect(both).catch((error: unknown) => error);
    await effects.advance(0);
    await effects.advance(8 * SECOND);
    expect(await failed).toMatchObject({
      kind: 'timeout',
      message:
        'no connection to primary.test, port 1, within 4000 ms; no connection to backup.test, port 2, within 4000 ms',
    });
  });

  it('gives up on many targets after ten seconds too', async () => {
    const targets = Array.from({ length: 10 }, (_, at) => soleTarget('a.test', at + 1));
    const { connector, effects, opened } = connectorIn({
      addresses: { 'a.test': [ONE] },
      fates: { [ONE]: 'is silent' },
    });
    const failed = connector.connect(endpoint(...targets)).catch((error: unknown) => error);
    await effects.advance(0);
    await effects.advance(10 * SECOND);
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(opened).toHaveLength(3);
    expect(effects.nextTimerMs).toBeUndefined();
  });

  it('tells why none of them could be reached', async () => {
    const { connector } = connectorIn({ addresses: { 'primary.test': [ONE, TWO] } });
    await expect(connector.connect(both)).rejects.toMatchObject({
      kind: 'unreachable',
      message:
        'cannot connect to primary.test, port 1: nothing listens there; backup.test has no address: no records',
    });
  });

  it('tells apart that all of them are inside', async () => {
    const { connector } = connectorIn({
      addresses: { 'primary.test': ['10.0.0.1'], 'backup.test': ['::1'] },
    });
    await expect(connector.connect(both)).rejects.toMatchObject({ kind: 'blocked' });
  });
});
