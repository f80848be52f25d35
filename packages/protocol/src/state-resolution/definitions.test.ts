import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import { graphRuns, propertyParameters } from '../testing/runs.ts';
import { authDifference } from './auth-difference.ts';
import type { CommonChain } from './common-chain.ts';
import { findConflict } from './conflict.ts';
import { conflictedSubgraph, floorByOrder, NO_FLOOR } from './conflicted-subgraph.ts';
import { type HeldEvent, HeldEvents } from './held-events.ts';
import { SearchedCommonChain } from './search-common-chain.ts';
import { splitStates } from './split-states.ts';
import { complete, StepCounter } from './steps.ts';
import { naiveAuthDifference, naiveSubgraph } from './testing/naive-definitions.ts';
import { type RandomGraph, randomGraphs } from './testing/random-graphs.ts';
import { walkCommonChain } from './walk-common-chain.ts';

const counter = new StepCounter();

describe('definitions, on random rooms', () => {
  it('[SR2-4] auth difference by walking all and by searching upwards is union less intersection', () => {
    fc.assert(
      fc.property(randomGraphs(), (graph) => {
        const { conflict, unconflicted, events } = split(graph);
        const { room, states } = graph;
        const difference = (common: CommonChain) =>
          idsOf(complete(authDifference(conflict, common, events, counter)));
        const walked = difference(complete(walkCommonChain(unconflicted, room, counter)));
        const searched = difference(new SearchedCommonChain(conflict, room, events, counter));
        expect(searched).toEqual(walked);
        // A conflicted event that is also in the common chain is in the full conflicted set anyway.
        const conflicted = idsOf(conflict.conflicted.list);
        expect(walked.union(conflicted)).toEqual(
          naiveAuthDifference(states, room).union(conflicted),
        );
      }),
      propertyParameters(graphRuns),
    );
  });

  it('[SR21-2] conflicted subgraph with and without a floor is the union of all paths', () => {
    fc.assert(
      fc.property(randomGraphs(), (graph) => {
        const { conflict, events } = split(graph);
        const { conflicted } = conflict;
        const { room } = graph;
        const naive = naiveSubgraph(idsOf(conflicted.list), room).union(idsOf(conflicted.list));
        for (const floor of [NO_FLOOR, complete(floorByOrder(conflicted, room, counter))]) {
          const subgraph = complete(conflictedSubgraph(conflicted, floor, events, counter));
          expect(idsOf(subgraph.list).union(idsOf(conflicted.list))).toEqual(naive);
        }
      }),
      propertyParameters(graphRuns),
    );
  });
});

function split({ states, room }: RandomGraph) {
  const { conflicted, unconflicted } = complete(splitStates(states, counter));
  const events = new HeldEvents(room);
  const lookUp = (type: string, stateKey: string) => unconflicted.get(type, stateKey);
  const conflict = complete(findConflict(conflicted, lookUp, events, counter));
  return { conflict, unconflicted, events };
}

function idsOf(events: Iterable<HeldEvent>): Set<EventId> {
  return new Set([...events].map(({ event }) => event.eventId));
}
