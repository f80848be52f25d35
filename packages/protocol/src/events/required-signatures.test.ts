import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { sampleEvent } from '../testing/sample-event.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { parsePdu } from './parse-pdu.ts';
import { requiredSignatures } from './required-signatures.ts';

function signersOf(version: RoomVersionId, changes: JsonObject): readonly string[] {
  const rules = getRoomVersion(version);
  const pdu = parsePdu(sampleEvent(rules, {}, changes), rules);
  return pdu.ok ? requiredSignatures(pdu.value) : [pdu.rule];
}

function memberEvent(content: JsonObject): JsonObject {
  return {
    type: 'm.room.member',
    state_key: '@bob:b.example',
    sender: '@alice:a.example',
    content,
  };
}

const namer = (version: RoomVersionId) => (Number(version) < 3 ? ['example.org'] : []);

describe('requiredSignatures', () => {
  it('[EV-8.1] asks the server of the sender', () => {
    for (const version of versionsFrom('3')) {
      expect(signersOf(version, { sender: '@alice:a.example:8448' })).toEqual(['a.example:8448']);
    }
  });

  it.each(allVersions)('[EV-8.2] spares it on invites by third parties, version %s', (version) => {
    const invite = memberEvent({ membership: 'invite', third_party_invite: {} });
    expect(signersOf(version, invite)).toEqual(namer(version));
    for (const content of [
      { membership: 'join', third_party_invite: {} },
      { membership: 'invite' },
    ]) {
      expect(signersOf(version, memberEvent(content))).toEqual(['a.example', ...namer(version)]);
    }
    const noMember = { ...invite, type: 'm.room.topic' };
    expect(signersOf(version, noMember)).toEqual(['a.example', ...namer(version)]);
  });

  it('[EV-8.3] asks the server in the event id in versions 1 and 2', () => {
    for (const version of versionsThrough('2')) {
      const event_id = '$event:named.example';
      expect(signersOf(version, { event_id })).toEqual(['example.org', 'named.example']);
      expect(signersOf(version, { event_id: '$event:example.org' })).toEqual(['example.org']);
    }
  });

  it.each(['join', 'leave', 'invite', 'ban', 'knock'])(
    '[EV-8.4] asks the server that lets somebody in, membership %s',
    (membership) => {
      const content = { membership, join_authorised_via_users_server: '@carol:c.example' };
      for (const version of versionsFrom('8')) {
        expect(signersOf(version, memberEvent(content))).toEqual(['a.example', 'c.example']);
      }
      for (const version of versionsThrough('7')) {
        expect(signersOf(version, memberEvent(content))).toEqual(['a.example', ...namer(version)]);
      }
      expect(signersOf('12', { content, sender: '@alice:a.example' })).toEqual(['a.example']);
    },
  );
});
