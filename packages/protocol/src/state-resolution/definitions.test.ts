import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import { propertyParameters } from '../testing/runs.ts';
import { authDifference } from './auth-difference.ts';
import type { CommonChain } from './common-chain.ts';
import { conflictedSubgraph, floorByOrder, NO_FLOOR } from './conflicted-subgraph.ts';
import { SearchedCommonChain } from './search-common-chain.ts';
import { splitStates } from './split-conflicted.ts';
import { complete, StepCounter } from './steps.ts';
import { naiveAuthDifference, naiveSubgraph } from './testing/naive-definitions.ts';
import { type RandomGraph, randomGraphs } from './testing/random-graphs.ts';
import { walkCommonChain } from './walk-common-chain.ts';

const counter = new StepCounter();

describe('definitions, on random rooms', () => {
  it('[SR2-4] auth difference by walking all and by searching upwards is union less intersection', () => {
    fc.assert(
      fc.property(randomGraphs(), (graph) => {
        const { conflict, unconflicted, conflicted } = split(graph);
        const { room, states } = graph;
        const difference = (common: CommonChain) =>
          complete(authDifference(conflict, common, room, counter));
        const walked = difference(complete(walkCommonChain(unconflicted, room, counter)));
        const searched = difference(new SearchedCommonChain(conflict, room, counter));
        expect(searched).toEqual(walked);
        // A conflicted event that is also in the common chain is in the full conflicted set anyway.
        expect(walked.union(conflicted)).toEqual(
          naiveAuthDifference(states, room).union(conflicted),
        );
      }),
      propertyParameters(),
    );
  });

  it('[SR21-2] conflicted subgraph with and without a floor is the union of all paths', () => {
    fc.assert(
      fc.property(randomGraphs(), (graph) => {
        const { conflicted } = split(graph);
        const { room } = graph;
        const naive = naiveSubgraph(conflicted, room).union(conflicted);
        for (const floor of [NO_FLOOR, complete(floorByOrder(conflicted, room, counter))]) {
          const subgraph = complete(conflictedSubgraph(conflicted, floor, room, counter));
          expect(subgraph.union(conflicted)).toEqual(naive);
        }
      }),
      propertyParameters(),
    );
  });
});

function split({ states }: RandomGraph) {
  const { conflicted: entries, unconflicted } = complete(splitStates(states, counter));
  const conflict = {
    entries,
    unconflicted: (type: string, stateKey: string) => unconflicted.get(type, stateKey),
  };
  const conflicted = new Set<EventId>();
  for (const [, , entry] of entries) {
    for (const eventId of entry) if (eventId !== undefined) conflicted.add(eventId);
  }
  return { conflict, unconflicted, conflicted };
}
