import type { UserId } from '../identifiers/brand.ts';
import { foldUnicode, type Characters } from '../glob/fold.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { findProperty, type PropertyPath } from './property-path.ts';

/** What rules ask of the room in which an event was sent. */
export interface PushRoom {
  /** Users who are joined. */
  readonly joinedMembers: number;
  /** Power level of the event's sender; `Infinity` for a creator of a version 12 room. */
  readonly senderLevel: number;
  /** `notifications` of the room's power levels, as far as they name levels. */
  readonly notificationLevels: ReadonlyMap<string, number>;
}

/** The user for whom rules are asked. */
export interface PushUser {
  readonly userId: UserId;
  /** Display name in the room, for the deprecated condition `contains_display_name`. */
  readonly displayName: string | undefined;
}

const BODY: PropertyPath = ['content', 'body'];

/** An event on its way to the rules of many users: what they all need of it is made once. */
export class PushedEvent {
  readonly room: PushRoom;
  /** Client form of the event. */
  readonly #json: JsonObject;
  #body: Characters | undefined;

  constructor(json: JsonObject, room: PushRoom) {
    this.#json = json;
    this.room = room;
  }

  get(path: PropertyPath): JsonValue | undefined {
    return findProperty(this.#json, path);
  }

  /** `content.body`, folded; `undefined` where it is not a string. */
  foldedBody(): Characters | undefined {
    if (this.#body === undefined) {
      const body = this.get(BODY);
      if (typeof body === 'string') this.#body = foldUnicode(body);
    }
    return this.#body;
  }
}
