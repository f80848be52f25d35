import type { Pdu, UserId } from '@hansa/protocol';
import type { TimelineWindow } from './timeline-window.ts';

/** Members that a lazily loading client needs now: who speaks in the window, the viewer, and the heroes. */
export function lazyMembers(
  state: readonly Pdu[],
  window: TimelineWindow,
  always: readonly UserId[],
): readonly Pdu[] {
  const needed = new Set<string>(always);
  for (const { pdu } of window.events) needed.add(pdu.sender);
  return state.filter(
    ({ type, stateKey }) => type !== 'm.room.member' || needed.has(stateKey ?? ''),
  );
}
