import { checkStateRules, countLevels, type StateLookup } from '../auth/index.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { type StepCounter, STEPS_A_PAUSE } from './steps.ts';

/** An authorisation costs about as much as so many look-ups. */
const STEPS_A_CHECK = 4;
/** To read so many entries of power levels, or to compare them, is a step. */
const LEVELS_A_STEP = 4;

/**
 * Authorises events one after the other, and counts what that takes: the event and what the rules look up tell.
 * Power levels count by their entries, as they may hold thousands.
 */
export class CountedChecks {
  readonly #rules: RoomVersionRules;
  readonly #counter: StepCounter;
  readonly #levelsRead: LevelsRead;

  constructor(rules: RoomVersionRules, counter: StepCounter) {
    this.#rules = rules;
    this.#counter = counter;
    this.#levelsRead = new LevelsRead(rules, counter);
  }

  /** Reads what checking this event is going to read of it, so that no check has to read two large events at once. */
  readAhead(event: RoomEvent): void {
    if (event.type === 'm.room.power_levels') this.#levelsRead.count(event);
  }

  /** Whether the rules that depend on state allow an event, by this state. */
  allow(event: RoomEvent, state: StateLookup): boolean {
    this.#counter.count(STEPS_A_CHECK);
    const changesLevels = event.type === 'm.room.power_levels';
    if (changesLevels) this.#levelsRead.countAgain(event);
    return checkStateRules(event, this.#rules, (type, stateKey) => {
      const found = state(type, stateKey);
      if (found === undefined) return undefined;
      if (type === 'm.room.power_levels') {
        if (changesLevels) this.#levelsRead.countAgain(found);
        else this.#levelsRead.count(found);
      }
      // Signatures are to be verified: some of these would be a long turn.
      if (type === 'm.room.third_party_invite') this.#counter.count(STEPS_A_PAUSE);
      return found;
    }).ok;
  }
}

/** Counts the reading of power levels by their entries. What was read last is at hand. */
export class LevelsRead {
  readonly #rules: RoomVersionRules;
  readonly #counter: StepCounter;
  #last: RoomEvent | undefined;

  constructor(rules: RoomVersionRules, counter: StepCounter) {
    this.#rules = rules;
    this.#counter = counter;
  }

  count(powerLevels: RoomEvent): void {
    if (powerLevels !== this.#last) this.countAgain(powerLevels);
  }

  countAgain(powerLevels: RoomEvent): void {
    this.#last = powerLevels;
    this.#counter.count(Math.ceil(countLevels(powerLevels, this.#rules) / LEVELS_A_STEP));
  }
}
