import { describe, expect, it } from 'vitest';
import {
  DEFAULT_ROOM_VERSION,
  findRoomVersion,
  getRoomVersion,
  SUPPORTED_ROOM_VERSIONS,
} from './index.ts';
import type { RoomVersionId, RoomVersionRules } from './rules.ts';

const ALL: readonly RoomVersionId[] = [
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '12',
];

/** What a reading of the rules says, for each run of versions that agree: `[first version, value]`. */
type Runs<T> = readonly (readonly [from: number, value: T])[];

function expectRuns<T>(read: (rules: RoomVersionRules) => T, runs: Runs<T>): void {
  const expected = ALL.map((id) => runs.findLast(([from]) => from <= Number(id))?.[1]);
  expect(ALL.map((id) => read(getRoomVersion(id)))).toEqual(expected);
}

const only = (from: number, before = 13): Runs<boolean> => [
  [1, from === 1],
  [from, true],
  [before, false],
];

describe('room versions', () => {
  it('[RV-1] are 1 to 12, all stable', () => {
    expect(SUPPORTED_ROOM_VERSIONS).toEqual(ALL);
    for (const id of ALL) expect(findRoomVersion(id)?.id).toBe(id);
  });

  it.each(['', '0', '13', '01', '1.0', 'org.matrix.hydra.11', '__proto__', 'constructor'])(
    '[RV-1] do not include %j',
    (id) => {
      expect(findRoomVersion(id)).toBeUndefined();
    },
  );

  it('[RV-2] default to 12', () => {
    expect(DEFAULT_ROOM_VERSION).toBe('12');
  });

  it('[RV-3] write references as pairs in 1 and 2', () => {
    expectRuns(
      (rules) => rules.eventFormat,
      [
        [1, 'id-and-hash'],
        [3, 'id'],
      ],
    );
  });

  it('[RV-4] give event ids in three forms', () => {
    expectRuns(
      (rules) => rules.eventIdFormat,
      [
        [1, 'given'],
        [3, 'base64'],
        [4, 'base64url'],
      ],
    );
  });

  it('[RV-5] name rooms by their create event in 12', () => {
    expectRuns(
      (rules) => rules.roomIdFormat,
      [
        [1, 'opaque-with-domain'],
        [12, 'create-event-hash'],
      ],
    );
  });

  it('[RV-6] enforce canonical JSON from 6 on', () => {
    expectRuns((rules) => rules.strictCanonicalJson, only(6));
    expectRuns(
      (rules) => rules.depthLimit,
      [
        [1, 9_223_372_036_854_775_807n],
        [6, 9_007_199_254_740_991n],
      ],
    );
  });

  it('[RV-7] resolve state in three ways', () => {
    expectRuns(
      (rules) => rules.stateResolution,
      [
        [1, 'v1'],
        [2, 'v2'],
        [12, 'v2.1'],
      ],
    );
  });

  it('[RV-8] enforce the validity of keys from 5 on', () => {
    expectRuns((rules) => rules.enforceKeyValidity, only(5));
  });

  it('[RV-9] ask the namer of an event to sign in 1 and 2', () => {
    expectRuns((rules) => rules.eventIdDomainSigns, only(1, 3));
  });

  it('[RV-10] put the target of a redaction into content from 11 on', () => {
    expectRuns(
      (rules) => rules.redactsIn,
      [
        [1, 'event'],
        [11, 'content'],
      ],
    );
  });

  it('[RV-11] decide on redactions by authorisation in 1 and 2', () => {
    expectRuns((rules) => rules.auth.redactionRule, only(1, 3));
  });

  it('[RV-12] give meaning to aliases up to 5', () => {
    expectRuns((rules) => rules.auth.aliasesRule, only(1, 6));
    expectRuns((rules) => rules.redaction.content.has('m.room.aliases'), only(1, 6));
  });

  it('[RV-13] check notification levels from 6 on', () => {
    expectRuns((rules) => rules.auth.notificationLevels, only(6));
  });

  it('[RV-14] know knocking from 7 on', () => {
    expectRuns((rules) => rules.auth.knock, only(7));
  });

  it('[RV-15] know restricted joins from 8 on', () => {
    expectRuns((rules) => rules.auth.restricted, only(8));
  });

  it('[RV-16] know knock_restricted, and integers alone as levels, from 10 on', () => {
    expectRuns((rules) => rules.auth.knockRestricted, only(10));
    expectRuns((rules) => rules.auth.integerLevelsOnly, only(10));
  });

  it('[RV-17] need a creator up to 10', () => {
    expectRuns((rules) => rules.auth.createNeedsCreator, only(1, 11));
  });

  it('[RV-18] privilege creators in 12', () => {
    expectRuns((rules) => rules.auth.privilegedCreators, only(12));
  });

  it('[RV-19] want whole PDUs with invites in 12', () => {
    expectRuns((rules) => rules.strippedStateIsPdus, only(12));
  });
});
