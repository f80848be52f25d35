import { describe, expect, it } from 'vitest';
import type { EventId, UserId } from '../identifiers/brand.ts';
import { canonicalJson } from '../json/canonical.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId, RoomVersionRules } from '../room-versions/rules.ts';
import { hashAndSignEvent } from '../signing/sign-event.ts';
import { createSigningKey } from '../signing/signing-key.ts';
import { sampleEventId, sampleRoomId } from '../testing/sample-event.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { buildEvent } from './build-event.ts';
import type { EventTemplate } from './build-event.ts';
import { checkContentHash } from './content-hash.ts';
import { parsePdu } from './parse-pdu.ts';

const key = createSigningKey('1', new Uint8Array(32).fill(7));

function templateFor(rules: RoomVersionRules, changes: Partial<EventTemplate> = {}): EventTemplate {
  const parent = sampleEventId(rules, 1);
  return {
    type: 'm.room.topic',
    stateKey: '',
    sender: '@alice:example.org' as UserId,
    roomId: sampleRoomId(rules),
    content: { topic: 'bees' },
    prevEvents: [parent],
    authEvents: [],
    depth: 3,
    originServerTs: 1_700_000_000_000,
    ...(rules.eventIdFormat === 'given'
      ? { eventId: sampleEventId(rules), referenceHashes: new Map([[parent, 'aGFzaA']]) }
      : {}),
    ...changes,
  };
}

function build(version: RoomVersionId, changes?: Partial<EventTemplate>) {
  const rules = getRoomVersion(version);
  return buildEvent(templateFor(rules, changes), rules);
}

describe('buildEvent', () => {
  it.each(allVersions)('[EV-7.1] makes what passes the first check, version %s', (version) => {
    const rules = getRoomVersion(version);
    const template = templateFor(rules);
    const signed = hashAndSignEvent(buildEvent(template, rules), rules, 'example.org', key);
    expect(checkContentHash(signed).ok).toBe(true);
    expect(parsePdu(signed, rules)).toMatchObject({
      ok: true,
      value: {
        type: 'm.room.topic',
        stateKey: '',
        sender: '@alice:example.org',
        roomId: sampleRoomId(rules),
        content: { topic: 'bees' },
        prevEvents: template.prevEvents,
        authEvents: [],
        depth: 3,
        originServerTs: 1_700_000_000_000,
        json: signed,
      },
    });
  });

  it.each(versionsFrom('3'))(
    '[EV-7.1] writes no more than was asked for, version %s',
    (version) => {
      expect(Object.keys(build(version, { stateKey: undefined })).toSorted()).toEqual(
        'auth_events content depth origin_server_ts prev_events room_id sender type'.split(' '),
      );
    },
  );

  it('[EV-7.1] makes a version 12 room by its create event', () => {
    const create = { type: 'm.room.create', content: {}, prevEvents: [], depth: 1 };
    expect(build('12', { ...create, roomId: undefined })).not.toHaveProperty('room_id');
    expect(() => build('12', create)).toThrow(TypeError);
    expect(() => build('11', { ...create, roomId: undefined })).toThrow(TypeError);
    expect(() => build('12', { roomId: undefined })).toThrow(TypeError);
  });

  it('[EV-7.1] puts the target of a redaction where the version wants it', () => {
    for (const version of allVersions) {
      const redacts = sampleEventId(getRoomVersion(version), 5);
      const content = { reason: 'spam' };
      const built = build(version, { type: 'm.room.redaction', content, redacts });
      expect(built).toMatchObject(
        Number(version) < 11 ? { redacts, content } : { content: { reason: 'spam', redacts } },
      );
      expect(canonicalJson(built).split(redacts)).toHaveLength(2);
    }
  });

  it('[EV-7.1] wants an event id in versions 1 and 2, and none later', () => {
    for (const version of versionsThrough('2')) {
      expect(() => build(version, { eventId: undefined })).toThrow(TypeError);
    }
    expect(() => build('3', { eventId: '$a:example.org' as EventId })).toThrow(TypeError);
  });

  it.each([
    ['12', 2 ** 53, '9007199254740991'],
    ['6', 2 ** 63, '9007199254740991'],
    ['5', 2 ** 53, '9007199254740992'],
    ['5', 2 ** 63, '9223372036854775807'],
    ['1', Number.MAX_VALUE, '9223372036854775807'],
    ['1', 7, '7'],
  ] as const)('[EV-7.2] in version %s writes the depth %d as %s', (version, depth, written) => {
    expect(canonicalJson(build(version, { depth }))).toContain(`"depth":${written},`);
  });

  it('[EV-7.3] writes reference hashes in versions 1 and 2', () => {
    const parent = sampleEventId(getRoomVersion('1'), 1);
    expect(build('1')).toMatchObject({ prev_events: [[parent, { sha256: 'aGFzaA' }]] });
    expect(() => build('1', { authEvents: [sampleEventId(getRoomVersion('1'), 2)] })).toThrow(
      TypeError,
    );
  });
});
