import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { privilegedCreators, roomCreator } from './creators.ts';
import type { Level } from './level.ts';
import { type LevelContent, levelContentOf, type NamedLevel } from './level-content.ts';
import type { StateLookup } from './state-lookup.ts';

const DEFAULT_LEVELS: Readonly<Record<NamedLevel, number>> = {
  users_default: 0,
  events_default: 0,
  state_default: 50,
  ban: 50,
  redact: 50,
  kick: 50,
  invite: 0,
};
const DEFAULT_NOTIFICATION_LEVEL = 50;
const CREATOR_LEVEL_WITHOUT_EVENT = 100;
const NOBODY: ReadonlySet<string> = new Set();

/** Power levels in force in some state; a state without such an event, or with a malformed one, has the defaults. */
export function powerLevelsOf(state: StateLookup, rules: RoomVersionRules): PowerLevels {
  return new PowerLevels(state('m.room.create', ''), state('m.room.power_levels', ''), rules);
}

/**
 * Who may do what. Sources: client-server API, "m.room.power_levels"; server-server API, "Definitions" of the
 * checks on receipt; rooms/v12.md for creators.
 */
export class PowerLevels {
  /** Content of the `m.room.power_levels` in force, without defaults; `undefined` where there is none. */
  readonly content: LevelContent | undefined;
  /** Users whose level is infinite: nobody before version 12. */
  readonly creators: ReadonlySet<string>;
  readonly #creator: string | undefined;

  constructor(
    create: RoomEvent | undefined,
    powerLevels: RoomEvent | undefined,
    rules: RoomVersionRules,
  ) {
    this.content = powerLevels === undefined ? undefined : levelContentOf(powerLevels, rules);
    this.creators = create === undefined ? NOBODY : privilegedCreators(create, rules);
    this.#creator = create === undefined ? undefined : roomCreator(create, rules);
  }

  /** `Infinity` for the creators of a version 12 room. */
  user(userId: string): Level {
    if (this.creators.has(userId)) return Number.POSITIVE_INFINITY;
    if (this.content !== undefined) return this.content.users.get(userId) ?? this.usersDefault;
    return userId === this.#creator ? CREATOR_LEVEL_WITHOUT_EVENT : DEFAULT_LEVELS.users_default;
  }

  /** Level that it takes to send an event of a type: the "required power level". */
  event(type: string, isState: boolean): Level {
    const byDefault = isState ? this.stateDefault : this.eventsDefault;
    return this.content?.events.get(type) ?? byDefault;
  }

  /** Level that it takes to notify by a key, such as `room` for `@room`. */
  notifications(key: string): Level {
    return this.content?.notifications.get(key) ?? DEFAULT_NOTIFICATION_LEVEL;
  }

  get usersDefault(): Level {
    return this.#named('users_default');
  }

  get eventsDefault(): Level {
    return this.#named('events_default');
  }

  get stateDefault(): Level {
    return this.#named('state_default');
  }

  get ban(): Level {
    return this.#named('ban');
  }

  get redact(): Level {
    return this.#named('redact');
  }

  get kick(): Level {
    return this.#named('kick');
  }

  get invite(): Level {
    return this.#named('invite');
  }

  #named(name: NamedLevel): Level {
    return this.content?.named.get(name) ?? DEFAULT_LEVELS[name];
  }
}
