import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import { DnsError } from './dns-error.ts';
import type { DnsQueries } from './dns-queries.ts';
import { createResolver } from './resolver.ts';

const SECOND = 1_000;

/** A resolver over questions that are answered by this function; what was asked. */
function resolverOver(answer: (host: string) => ReturnType<DnsQueries['queryAddresses']>) {
  const asked: string[] = [];
  const effects = new VirtualEffects();
  const queries: DnsQueries = {
    queryAddresses: async (host) => {
      asked.push(host);
      return await answer(host);
    },
    queryServices: async (name) => {
      asked.push(`SRV ${name}`);
      const record = { target: 'b.test', port: 443, priority: 0, weight: 0 };
      return { records: [record], ttlS: 60 };
    },
  };
  return { asked, effects, resolver: createResolver(queries, effects.clock) };
}

const lasting = (ttlS: number) => async () => ({ records: ['192.0.2.1'], ttlS });

describe('a resolver', () => {
  it.each([
    [0, 5],
    [30, 30],
    [86_400, 3_600],
  ])('believes records with a TTL of %i s for %i s', async (ttlS, keptS) => {
    const { asked, effects, resolver } = resolverOver(lasting(ttlS));
    await resolver.resolveAddresses('a.test');
    await effects.advance(keptS * SECOND - 1);
    expect(await resolver.resolveAddresses('a.test')).toEqual(['192.0.2.1']);
    expect(asked).toHaveLength(1);
    await effects.advance(1);
    await resolver.resolveAddresses('a.test');
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['nothing', 60],
    ['failed', 10],
    ['silent', 30],
  ] as const)('remembers a failure (%s) for %i s', async (kind, keptS) => {
    const { asked, effects, resolver } = resolverOver(async () => {
      throw new DnsError(kind, 'why');
    });
    const fails = () => expect(resolver.resolveAddresses('a.test')).rejects.toMatchObject({ kind });
    await fails();
    await effects.advance(keptS * SECOND - 1);
    await fails();
    expect(asked).toHaveLength(1);
    await effects.advance(1);
    await fails();
    expect(asked).toHaveLength(2);
  });

  it('asks once, however many want to know', async () => {
    const { asked, resolver } = resolverOver(lasting(60));
    await Promise.all(Array.from({ length: 5 }, () => resolver.resolveAddresses('a.test')));
    expect(asked).toEqual(['a.test']);
  });

  it('keeps services too, and apart from addresses of the same name', async () => {
    const { asked, resolver } = resolverOver(lasting(60));
    await resolver.resolveServices('a.test');
    await resolver.resolveServices('a.test');
    await resolver.resolveAddresses('a.test');
    expect(asked).toEqual(['SRV a.test', 'a.test']);
  });

  it('forgets the oldest of too many names', async () => {
    const { asked, resolver } = resolverOver(lasting(60));
    for (let name = 0; name <= 10_000; name += 1) await resolver.resolveAddresses(`${name}.test`);
    await resolver.resolveAddresses('10000.test');
    await resolver.resolveAddresses('1.test');
    expect(asked).toHaveLength(10_001);
    await resolver.resolveAddresses('0.test');
    expect(asked).toHaveLength(10_002);
  });
});
