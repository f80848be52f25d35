import type { Pdu, UserId } from '@hansa/protocol';
import type { StateView } from '../engine/room-views.ts';

interface LazyState {
  /** What a client that wants all members would get. */
  readonly lacking: readonly Pdu[];
  /** All of the state, and not what changed of it. */
  readonly isWhole: boolean;
  /** Who has to be known to show the answer. */
  readonly needed: ReadonlySet<UserId>;
  /** State that members are read from. */
  readonly state: () => Promise<StateView>;
}

/**
 * State for a client that loads members when it needs them. Of a whole state it gets those needed; to changes, all of
 * which it gets, those needed are added, as we do not keep account of whom it knows.
 * Source: client-server API, "Lazy-loading room members".
 */
export async function lazyState({
  lacking,
  isWhole,
  needed,
  state,
}: LazyState): Promise<readonly Pdu[]> {
  if (isWhole) {
    return lacking.filter(
      ({ type, stateKey }) => type !== 'm.room.member' || needed.has(stateKey as UserId),
    );
  }
  const given = new Set(
    lacking.filter(({ type }) => type === 'm.room.member').map(({ stateKey }) => stateKey),
  );
  const further = [...needed].filter((userId) => !given.has(userId));
  if (further.length === 0) return lacking;
  const view = await state();
  const members = await Promise.all(further.map((userId) => view.find('m.room.member', userId)));
  return [...lacking, ...members.filter((pdu) => pdu !== undefined)];
}
