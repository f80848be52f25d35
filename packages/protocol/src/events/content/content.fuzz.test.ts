import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRoomId } from '../../identifiers/room-id.ts';
import { type JsonObject, member } from '../../json/value.ts';
import { fuzzParameters } from '../../testing/runs.ts';
import { mutatedJson } from '../../testing/mutated-json.ts';
import {
  HISTORY_VISIBILITIES,
  readHistoryVisibility,
} from '../../visibility/history-visibility.ts';
import { readAllowedRooms } from './allowed-rooms.ts';
import { readRoomType, readRoomVersion } from './create.ts';
import { MEMBERSHIPS, readMembership } from './membership.ts';

const SAMPLES: readonly JsonObject[] = [
  { membership: 'join', displayname: 'Alice' },
  { join_rule: 'restricted', allow: [{ type: 'm.room_membership', room_id: '!a:example.org' }] },
  { history_visibility: 'joined' },
  { room_version: '12', type: 'm.space' },
];

function fuzz(check: (content: JsonObject) => void): void {
  fc.assert(fc.property(mutatedJson(SAMPLES), check), fuzzParameters());
}

it('[EV-12] any content has a membership that is known, or none', () => {
  fuzz((content) => {
    expect([undefined, ...MEMBERSHIPS]).toContain(readMembership(content));
  });
});

it('[EV-12] any content lets in the members of rooms, or of none', () => {
  fuzz((content) => {
    const rooms = readAllowedRooms(content);
    expect(rooms.every(isRoomId)).toBe(true);
    expect(rooms.length === 0 || Object.hasOwn(content, 'allow')).toBe(true);
  });
});

it('[EV-12] any content names a room version and a type, or none', () => {
  fuzz((content) => {
    const [version, type] = [member(content, 'room_version'), member(content, 'type')];
    const unsaid = Object.hasOwn(content, 'room_version') ? undefined : '1';
    expect(readRoomVersion(content)).toBe(typeof version === 'string' ? version : unsaid);
    expect(readRoomType(content)).toBe(typeof type === 'string' ? type : undefined);
  });
});

it('[VIS-1] any content is of one of the four visibilities', () => {
  fuzz((content) => {
    expect(HISTORY_VISIBILITIES).toContain(readHistoryVisibility(content));
  });
});
