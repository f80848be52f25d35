import type { ClientEvent, SyncLeftRoom } from '@hansa/protocol/wire';

/** A room as a client pictures it from what `/sync` told it. */
export class RoomPicture {
  readonly timeline: ClientEvent[] = [];
  readonly #state = new Map<string, ClientEvent>();
  /** Times that `/sync` left out events of the timeline. */
  gaps = 0;

  apply(section: SyncLeftRoom): void {
    const { timeline, state, state_after: stateAfter } = section;
    for (const event of stateAfter?.events ?? state?.events ?? []) this.#put(event);
    if (timeline?.limited) this.gaps += 1;
    for (const event of timeline?.events ?? []) {
      this.timeline.push(event);
      if (stateAfter === undefined) this.#put(event);
    }
  }

  state(type: string, stateKey = ''): ClientEvent | undefined {
    return this.#state.get(JSON.stringify([type, stateKey]));
  }

  membership(userId: string): unknown {
    return this.state('m.room.member', userId)?.content['membership'];
  }

  /** Bodies of messages in the order in which they came. */
  bodies(): unknown[] {
    return this.timeline
      .filter(({ type }) => type === 'm.room.message')
      .map(({ content }) => content['body']);
  }

  #put(event: ClientEvent): void {
    if (event.state_key === undefined) return;
    this.#state.set(JSON.stringify([event.type, event.state_key]), event);
  }
}
