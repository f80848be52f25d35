import { type Level, powerLevelsOf } from '../auth/index.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { compareCodePoints } from '../json/code-point-order.ts';
import { authEventOf } from './auth-event-of.ts';
import { Heap } from './heap.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

interface Node {
  readonly event: RoomEvent;
  readonly senderLevel: Level;
  /** How many of its auth events are not in the order yet. */
  waitsFor: number;
  readonly referrers: Node[];
}

/**
 * Reverse topological power ordering, from earliest to latest: auth events first, among those that are ready
 * the smallest (Kahn's algorithm). Events of a circle, which no honest graph has, are left out.
 * Source: rooms/v2.md, "Definitions".
 */
export function* sortByPower(
  graph: ReadonlyMap<RoomEvent, readonly RoomEvent[]>,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<RoomEvent[]> {
  const ready = new Heap<Node>(compareNodes);
  for (const node of yield* linkNodes(graph, room, counter)) {
    if (counter.pauses()) yield;
    if (node.waitsFor === 0) ready.push(node);
  }
  const sorted: RoomEvent[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    sorted.push(node.event);
    for (const referrer of node.referrers) {
      if (counter.pauses()) yield;
      referrer.waitsFor -= 1;
      if (referrer.waitsFor === 0) ready.push(referrer);
    }
    if (counter.pauses()) yield;
  }
  return sorted;
}

function* linkNodes(
  graph: ReadonlyMap<RoomEvent, readonly RoomEvent[]>,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Iterable<Node>> {
  const nodes = new Map<RoomEvent, Node>();
  for (const [event, authEvents] of graph) {
    if (counter.pauses()) yield;
    const senderLevel = levelOfSender(event, room);
    nodes.set(event, { event, senderLevel, waitsFor: authEvents.length, referrers: [] });
  }
  for (const [event, authEvents] of graph) {
    if (counter.pauses()) yield;
    const node = nodes.get(event);
    for (const authEvent of authEvents) {
      if (node !== undefined) nodes.get(authEvent)?.referrers.push(node);
    }
  }
  return nodes.values();
}

/** Power level of an event's sender by the event's own auth events; infinite for version 12's creators. */
function levelOfSender(event: RoomEvent, room: ResolutionRoom): Level {
  const levels = powerLevelsOf(
    (type, stateKey) => authEventOf(event, type, stateKey, room),
    room.rules,
  );
  return levels.user(event.sender);
}

/** Greater power first, then the earlier, then the smaller event id. */
function compareNodes(a: Node, b: Node): number {
  if (a.senderLevel !== b.senderLevel) return a.senderLevel > b.senderLevel ? -1 : 1;
  return (
    a.event.originServerTs - b.event.originServerTs ||
    compareCodePoints(a.event.eventId, b.event.eventId)
  );
}
