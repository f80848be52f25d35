import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import { splitStates } from './split-states.ts';
import { StateMap } from './state-map.ts';
import { complete, StepCounter } from './steps.ts';

describe('unconflicted state map and conflicted state set', () => {
  it('[SR2-1] a key is unconflicted when all states have the same event for it', () => {
    const { conflicted, unconflicted } = split(
      { create: '$create', topic: '$a', name: '$name' },
      { create: '$create', topic: '$b' },
      { create: '$create', topic: '$a' },
    );
    expect([...unconflicted]).toEqual([['create', '', '$create']]);
    expect([...conflicted]).toEqual([
      ['topic', '', ['$a', '$b', '$a']],
      ['name', '', ['$name', undefined, undefined]],
    ]);
  });

  it('[SR2-1] a key of one state only is conflicted', () => {
    const { conflicted } = split({}, { topic: '$topic' });
    expect([...conflicted]).toEqual([['topic', '', [undefined, '$topic']]]);
  });
});

function split(...states: Record<string, string>[]) {
  const maps = states.map((state) =>
    StateMap.from(Object.entries(state).map(([type, id]) => [type, '', id as EventId] as const)),
  );
  return complete(splitStates(maps, new StepCounter()));
}
