import type { RoomEventFilter } from '@hansa/protocol/wire';
import { TypePatterns } from './type-patterns.ts';

interface Filterable {
  readonly type: string;
  readonly sender: string;
  readonly content: object;
}

/** A filter is asked about many events. */
const compiled = new WeakMap<readonly string[], TypePatterns>();

function compile(patterns: readonly string[]): TypePatterns {
  const known = compiled.get(patterns) ?? new TypePatterns(patterns);
  compiled.set(patterns, known);
  return known;
}

/** Exclusions win over inclusions; `*` in a type stands for any run of characters. */
export function passesFilter(event: Filterable, filter: RoomEventFilter): boolean {
  const typeIsIn = (patterns: readonly string[]) => compile(patterns).match(event.type);
  if (filter.not_types && typeIsIn(filter.not_types)) return false;
  if (filter.types && !typeIsIn(filter.types)) return false;
  if (filter.not_senders?.includes(event.sender)) return false;
  if (filter.senders && !filter.senders.includes(event.sender)) return false;
  if (filter.contains_url !== undefined) {
    const hasUrl = Object.hasOwn(event.content, 'url');
    if (hasUrl !== filter.contains_url) return false;
  }
  return true;
}

export function passesRooms(
  roomId: string,
  filter: Pick<RoomEventFilter, 'rooms' | 'not_rooms'>,
): boolean {
  if (filter.not_rooms?.includes(roomId)) return false;
  return filter.rooms === undefined || filter.rooms.includes(roomId);
}
