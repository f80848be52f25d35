import { type Level, PowerLevels } from '../auth/index.ts';
import { compareCodePoints } from '../json/code-point-order.ts';
import { Heap } from './heap.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import type { HeldSet } from './held-set.ts';
import { LevelsRead } from './counted-checks.ts';
import { eachInSteps, type StepCounter, type Steps } from './steps.ts';

interface Node {
  readonly held: HeldEvent;
  readonly senderLevel: Level;
  readonly originServerTs: number;
  /** How many of its auth events are not in the order yet; one more until all events are known. */
  waitsFor: number;
  readonly referrers: Node[];
}

/**
 * Reverse topological power ordering, from earliest to latest: auth events first, among those that are ready
 * the smallest (Kahn's algorithm). Events of a circle, which no honest graph has, are left out.
 * Source: rooms/v2.md, "Definitions".
 */
export function* sortByPower(
  set: HeldSet,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldEvent[]> {
  const nodes = yield* linkNodes(set, events, counter);
  const ready = new Heap<Node>(compareNodes);
  const release = (node: Node): void => {
    node.waitsFor -= 1;
    if (node.waitsFor === 0) ready.push(node);
  };
  yield* eachInSteps(nodes, counter, release);
  const sorted: HeldEvent[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    if (counter.pauses()) yield;
    sorted.push(node.held);
    if (node.referrers.length > 0) yield* eachInSteps(node.referrers, counter, release);
  }
  return sorted;
}

function* linkNodes(set: HeldSet, events: HeldEvents, counter: StepCounter): Steps<Node[]> {
  const byIndex = Array.from<Node | undefined>({ length: events.size });
  const nodes: Node[] = [];
  const levelOfSender = levelsOfSenders(events, counter);
  yield* eachInSteps(set.list, counter, (held) => {
    const senderLevel = levelOfSender(held);
    const { originServerTs } = held.event;
    const node: Node = { held, senderLevel, originServerTs, waitsFor: 1, referrers: [] };
    byIndex[held.index] = node;
    nodes.push(node);
  });
  yield* eachInSteps(nodes, counter, (node) => {
    for (const authEvent of events.authEventsOf(node.held)) {
      const below = byIndex[authEvent.index];
      if (below === undefined) continue;
      below.referrers.push(node);
      node.waitsFor += 1;
    }
  });
  return nodes;
}

/**
 * Power level of an event's sender by the event's own auth events; infinite for version 12's creators. Most
 * events name the same ones as the event before.
 */
function levelsOfSenders(events: HeldEvents, counter: StepCounter): (held: HeldEvent) => Level {
  const levelsRead = new LevelsRead(events.rules, counter);
  let create: HeldEvent | undefined;
  let powerLevels: HeldEvent | undefined;
  let levels: PowerLevels | undefined;
  return (held) => {
    const itsCreate = events.authEventOf(held, 'm.room.create', '');
    const itsLevels = events.authEventOf(held, 'm.room.power_levels', '');
    if (levels === undefined || itsCreate !== create || itsLevels !== powerLevels) {
      create = itsCreate;
      powerLevels = itsLevels;
      if (powerLevels !== undefined) levelsRead.count(powerLevels.event);
      levels = new PowerLevels(create?.event, powerLevels?.event, events.rules);
    }
    return levels.user(held.event.sender);
  };
}

/** Greater power first, then the earlier, then the smaller event id. */
function compareNodes(a: Node, b: Node): number {
  if (a.senderLevel !== b.senderLevel) return a.senderLevel > b.senderLevel ? -1 : 1;
  return (
    a.originServerTs - b.originServerTs ||
    compareCodePoints(a.held.event.eventId, b.held.event.eventId)
  );
}
