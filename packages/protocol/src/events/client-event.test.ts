import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { sampleEvent, sampleEventId, sampleRoomId, without } from '../testing/sample-event.ts';
import { allVersions } from '../testing/versions.ts';
import { toClientEvent } from './client-event.ts';
import { parsePdu } from './parse-pdu.ts';
import type { Pdu } from './pdu.ts';
import { redactPdu } from './redact-pdu.ts';
import { strippedState } from './stripped-state.ts';

function pduOf(json: JsonObject, version: RoomVersionId): Pdu {
  const pdu = parsePdu(json, getRoomVersion(version));
  if (!pdu.ok) throw new Error(`${pdu.rule}: ${pdu.reason}`);
  return pdu.value;
}

function sample(version: RoomVersionId, changes: JsonObject = {}): Pdu {
  return pduOf(sampleEvent(getRoomVersion(version), {}, changes), version);
}

const STATE = { type: 'm.room.topic', state_key: '', content: { topic: 'bees' } };

describe('toClientEvent', () => {
  it.each(allVersions)('[EV-9.1] shows an event of version %s', (version) => {
    const pdu = sample(version, { ...STATE, 'm.custom': 1, origin: 'a.b', age: 1, user_id: 'x' });
    const shown = {
      event_id: pdu.eventId,
      sender: '@alice:example.org',
      origin_server_ts: 1_700_000_000_000,
      ...STATE,
    };
    expect(toClientEvent(pdu)).toEqual({
      ...shown,
      room_id: sampleRoomId(getRoomVersion(version)),
    });
    expect(toClientEvent(pdu, { withoutRoomId: true })).toEqual(shown);
    expect(toClientEvent(sample(version))).not.toHaveProperty('state_key');
  });

  it('[EV-9.2] names the target of a redaction in both places', () => {
    for (const version of allVersions) {
      const redacts = sampleEventId(getRoomVersion(version), 5);
      const content = { reason: 'spam' };
      const type = 'm.room.redaction';
      const pdu = sample(
        version,
        Number(version) < 11
          ? { type, redacts, content: { ...content, redacts: 'something else' } }
          : { type, redacts: 'something else', content: { ...content, redacts } },
      );
      expect(toClientEvent(pdu)).toMatchObject({ redacts, content: { ...content, redacts } });
      expect(pdu.content).not.toBe(toClientEvent(pdu).content);
    }
  });

  it('[EV-9.2] adds nothing to other events, nor to redactions that name none', () => {
    for (const version of allVersions) {
      const type = 'm.room.redaction';
      expect(toClientEvent(sample(version, { type, content: {} })).content).toEqual({});
      expect(toClientEvent(sample(version, { type }))).not.toHaveProperty('redacts');
      const other = sample(version, { redacts: sampleEventId(getRoomVersion(version)) });
      expect(toClientEvent(other)).not.toHaveProperty('redacts');
    }
  });

  it('[EV-9.3] gives the create event of version 12 its room', () => {
    const create = { type: 'm.room.create', state_key: '', content: {} };
    const json = without(sampleEvent(getRoomVersion('12'), {}, create), 'room_id');
    const pdu = pduOf(json, '12');
    expect(toClientEvent(pdu).room_id).toBe(`!${pdu.eventId.slice(1)}`);
  });

  it('[EV-9.4] says of itself what it is told to say', () => {
    const because = toClientEvent(sample('12', { type: 'm.room.redaction' }));
    const options = {
      ageMs: 0,
      transactionId: 'txn',
      prevContent: {},
      replacesState: '$a' as EventId,
      redactedBecause: because,
      membership: 'join',
    } as const;
    expect(toClientEvent(sample('12', { unsigned: { age: 9 } }), options).unsigned).toEqual({
      age: 0,
      transaction_id: 'txn',
      prev_content: {},
      replaces_state: '$a',
      redacted_because: because,
      membership: 'join',
    });
    const nothing = { ageMs: undefined, membership: undefined };
    expect(toClientEvent(sample('12', { unsigned: { age: 9 } }), nothing)).not.toHaveProperty(
      'unsigned',
    );
  });

  it('[EV-9.1] shows a redacted event without what was redacted', () => {
    const pdu = sample('12', STATE);
    expect(toClientEvent(redactPdu(pdu))).toEqual({ ...toClientEvent(pdu), content: {} });
  });
});

describe('strippedState', () => {
  it.each(allVersions)('[EV-10] shows four members, version %s', (version) => {
    const pdu = sample(version, { ...STATE, unsigned: { invite_room_state: [] } });
    expect(strippedState(pdu)).toEqual({ ...STATE, sender: '@alice:example.org' });
  });

  it('[EV-10] shows no message', () => {
    expect(() => strippedState(sample('12'))).toThrow(TypeError);
  });
});
