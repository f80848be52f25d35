import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import { NumberLiteral } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { sampleEvent, sampleEventId, sampleRoomId, without } from '../testing/sample-event.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { parsePdu } from './parse-pdu.ts';
import type { Pdu } from './pdu.ts';

function parse(version: RoomVersionId, changes: JsonObject = {}): ReturnType<typeof parsePdu> {
  const rules = getRoomVersion(version);
  return parsePdu(sampleEvent(rules, {}, changes), rules);
}

function ruleBroken(version: RoomVersionId, changes: JsonObject): string {
  const result = parse(version, changes);
  return result.ok ? 'none' : result.rule;
}

/** Each outcome once, over several versions. */
function rulesBroken(versions: readonly RoomVersionId[], changes: JsonObject): readonly string[] {
  return [...new Set(versions.map((version) => ruleBroken(version, changes)))];
}

function accepted(result: ReturnType<typeof parsePdu>): Pdu {
  if (!result.ok) throw new Error(`${result.rule}: ${result.reason}`);
  return result.value;
}

/** What is no string, no integer and no object of what belongs there. */
const NO_STRINGS: readonly JsonValue[] = [
  null,
  true,
  1,
  ['a'],
  { a: 'b' },
  new NumberLiteral('1.0'),
];
const NO_OBJECTS: readonly JsonValue[] = [null, true, 1, 'a', [], new NumberLiteral('1.0')];

describe('parsePdu', () => {
  it.each(allVersions)('[EV-2.3] reads an event of version %s', (version) => {
    const rules = getRoomVersion(version);
    const json = sampleEvent(rules);
    const pdu = accepted(parsePdu(json, rules));
    expect(pdu).toMatchObject({
      roomId: sampleRoomId(rules),
      type: 'm.room.message',
      stateKey: undefined,
      sender: '@alice:example.org',
      content: { msgtype: 'm.text', body: 'hello' },
      originServerTs: 1_700_000_000_000,
      depth: 7,
      prevEvents: [sampleEventId(rules, 1)],
      authEvents: [sampleEventId(rules, 2), sampleEventId(rules, 3)],
      redacts: undefined,
      rules,
    });
    expect(pdu.json).toEqual(json);
    expect(pdu.eventId).toMatch(
      version === '1' || version === '2' ? /:example\.org$/ : /^\$.{43}$/,
    );
  });

  it.each(
    'type sender content origin_server_ts depth hashes signatures room_id prev_events auth_events'.split(
      ' ',
    ),
  )('[EV-6.2] refuses an event without %s', (key) => {
    const verdicts = allVersions.map((version) => {
      const rules = getRoomVersion(version);
      return parsePdu(without(sampleEvent(rules), key), rules).ok;
    });
    expect(verdicts).not.toContain(true);
  });

  it.each(NO_STRINGS)('[EV-1.1] refuses the type %j', (type) => {
    expect(ruleBroken('1', { type })).toBe('EV-1.1');
  });

  it.each(NO_STRINGS)('[EV-1.2] refuses the state key %j', (state_key) => {
    expect(ruleBroken('1', { state_key })).toBe('EV-1.2');
  });

  it('[EV-1.2] tells the empty state key from none', () => {
    expect(accepted(parse('12', { state_key: '' })).stateKey).toBe('');
    expect(accepted(parse('12')).stateKey).toBeUndefined();
  });

  it.each([...NO_STRINGS, '', 'alice', '@alice', '!alice:example.org', '@alice:exa mple.org'])(
    '[EV-1.3] refuses the sender %j',
    (sender) => {
      expect(ruleBroken('1', { sender })).toBe('EV-1.3');
    },
  );

  it('[EV-1.3] takes a historical sender', () => {
    for (const version of allVersions) {
      expect(accepted(parse(version, { sender: '@:example.org' })).sender).toBe('@:example.org');
    }
  });

  it.each(NO_OBJECTS)('[EV-1.4] refuses the content %j', (content) => {
    expect(ruleBroken('1', { content })).toBe('EV-1.4');
  });

  it.each([...NO_STRINGS.filter((value) => value !== 1), '1700000000000'])(
    '[EV-1.5] refuses the time %j',
    (origin_server_ts) => {
      expect(ruleBroken('1', { origin_server_ts })).toBe('EV-1.5');
    },
  );

  it.each([
    ['9223372036854775807', 2 ** 63],
    ['-9223372036854775807', -(2 ** 63)],
    ['9007199254740993', 9_007_199_254_740_992],
    ['-0', 0],
  ])('[EV-1.5] takes the time %s before version 6', (source, ts) => {
    const origin_server_ts = new NumberLiteral(source);
    for (const version of versionsThrough('5')) {
      expect(accepted(parse(version, { origin_server_ts })).originServerTs).toBe(ts);
    }
    for (const version of versionsFrom('6')) {
      expect(ruleBroken(version, { origin_server_ts })).toBe('EV-4.1');
    }
  });

  it.each(['9223372036854775808', '1e3', '1.0', '99999999999999999999999'])(
    '[EV-1.5] refuses the time %s in every version',
    (source) => {
      const rule = ruleBroken('1', { origin_server_ts: new NumberLiteral(source) });
      expect(rule).toBe('EV-1.5');
    },
  );

  it('[EV-1.6] bounds the depth (SEC-26)', () => {
    const limit = new NumberLiteral('9223372036854775807');
    const beyond = new NumberLiteral('9223372036854775808');
    for (const version of versionsThrough('5')) {
      expect(accepted(parse(version, { depth: limit })).depth).toBe(2 ** 63);
      expect(ruleBroken(version, { depth: beyond })).toBe('EV-1.6');
    }
    for (const version of versionsFrom('6')) {
      const depth = Number.MAX_SAFE_INTEGER;
      expect(accepted(parse(version, { depth })).depth).toBe(depth);
      expect(ruleBroken(version, { depth: new NumberLiteral('9007199254740992') })).toBe('EV-4.1');
    }
    expect(accepted(parse('12', { depth: 0 })).depth).toBe(0);
  });

  it.each([-1, '1', null, new NumberLiteral('1.0'), new NumberLiteral('1e1')])(
    '[EV-1.6] refuses the depth %j',
    (depth) => {
      expect(ruleBroken('1', { depth })).toBe('EV-1.6');
    },
  );

  it.each([...NO_OBJECTS, {}, { sha1: 'a' }, { sha256: 1 }, { sha256: 'a', sha512: null }])(
    '[EV-1.7] refuses the hashes %j',
    (hashes) => {
      expect(ruleBroken('1', { hashes })).toBe('EV-1.7');
    },
  );

  it.each([...NO_OBJECTS, { 'a.b': 'c' }, { 'a.b': { 'ed25519:1': 1 } }, { 'a.b': [] }])(
    '[EV-1.8] refuses the signatures %j',
    (signatures) => {
      expect(ruleBroken('1', { signatures })).toBe('EV-1.8');
    },
  );

  it.each([...NO_STRINGS, '', '!room', '#room:example.org', '$room:example.org'])(
    '[EV-1.9] refuses the room id %j',
    (room_id) => {
      expect(rulesBroken(allVersions, { room_id })).not.toContain('none');
      expect(ruleBroken('1', { room_id })).toBe('EV-1.9');
    },
  );

  it('[EV-1.9] keeps to the room ids of the version', () => {
    const withDomain = sampleRoomId(getRoomVersion('11'));
    const hash = sampleRoomId(getRoomVersion('12'));
    expect(rulesBroken(versionsThrough('11'), { room_id: hash })).toEqual(['EV-1.9']);
    expect(ruleBroken('12', { room_id: withDomain })).toBe('EV-1.9');
  });

  it.each([...NO_STRINGS, '', 'alice', '@alice:'])(
    '[EV-1.10] refuses that %j authorises a join',
    (join_authorised_via_users_server) => {
      const content = { membership: 'leave', join_authorised_via_users_server };
      const member = { type: 'm.room.member', state_key: '@alice:example.org', content };
      const expected =
        join_authorised_via_users_server instanceof NumberLiteral ? 'EV-4.1' : 'EV-1.10';
      expect(rulesBroken(versionsFrom('8'), member)).toEqual([expected]);
      expect(ruleBroken('8', { ...member, type: 'm.custom' })).not.toBe('EV-1.10');
      expect(rulesBroken(versionsThrough('5'), member)).toEqual(['none']);
    },
  );

  it('[EV-2.1] takes the event id that versions 1 and 2 give', () => {
    for (const version of versionsThrough('2')) {
      const id = '$some:other.example';
      expect(accepted(parse(version, { event_id: id })).eventId).toBe(id);
      for (const event_id of [...NO_STRINGS, '', '$abc', `$${'a'.repeat(43)}`]) {
        expect(ruleBroken(version, { event_id })).toBe('EV-2.1');
      }
      const rules = getRoomVersion(version);
      expect(parsePdu(without(sampleEvent(rules), 'event_id'), rules).ok).toBe(false);
    }
  });

  it('[EV-2.2] refuses an event id on the wire from version 3 on', () => {
    for (const version of versionsFrom('3')) {
      const event_id = sampleEventId(getRoomVersion(version));
      expect(ruleBroken(version, { event_id })).toBe('EV-2.2');
    }
  });

  it('[EV-2.4] [AUTH-1.2] names a version 12 room by its create event', () => {
    const rules = getRoomVersion('12');
    const create = without(
      sampleEvent(rules, {}, { type: 'm.room.create', state_key: '', content: {} }),
      'room_id',
    );
    const pdu = accepted(parsePdu(create, rules));
    expect(pdu.roomId).toBe(`!${pdu.eventId.slice(1)}`);
    expect(pdu.json).not.toHaveProperty('room_id');
    for (const room_id of [pdu.roomId, sampleRoomId(rules), '', null]) {
      expect(parsePdu({ ...create, room_id }, rules)).toMatchObject({
        ok: false,
        rule: 'AUTH-1.2',
      });
    }
    expect(parsePdu({ ...create, state_key: 'a' }, rules)).toMatchObject({ rule: 'EV-1.9' });
    expect(parsePdu(without(create, 'state_key'), rules)).toMatchObject({ rule: 'EV-1.9' });
  });

  const notReferences = (version: RoomVersionId): readonly JsonValue[] => {
    const rules = getRoomVersion(version);
    const id = sampleEventId(rules);
    const otherId = sampleEventId(getRoomVersion(rules.eventIdFormat === 'given' ? '3' : '1'));
    const pair = [id, { sha256: 'a' }];
    const otherPair = [otherId, { sha256: 'a' }];
    const common = [null, 'a', {}, [1], [null], [otherId], [otherPair], [[]], ['']];
    return [
      ...common,
      ...(rules.eventFormat === 'id' ? [[pair]] : [[id], [[id]], [[id, 'a']], [[...pair, 1]]]),
      ...(rules.eventFormat === 'id' ? [] : [[[id, { sha256: 1 }]], [[id, null]]]),
    ];
  };

  it.each(allVersions)('[EV-3.1] refuses other auth_events in version %s', (version) => {
    for (const auth_events of notReferences(version)) {
      expect(ruleBroken(version, { auth_events })).toBe('EV-3.1');
    }
  });

  it.each(allVersions)('[EV-3.2] refuses other prev_events in version %s', (version) => {
    for (const prev_events of notReferences(version)) {
      expect(ruleBroken(version, { prev_events })).toBe('EV-3.2');
    }
  });

  it.each(['1.0', '1e3', '-0', '9007199254740992', '0.5'])(
    '[EV-4.1] refuses %s anywhere from version 6 on',
    (source) => {
      const content = { list: [{ deep: new NumberLiteral(source) }] };
      const custom = { 'm.custom': [new NumberLiteral(source)] };
      for (const changes of [{ content }, custom]) {
        expect(rulesBroken(versionsThrough('5'), changes)).toEqual(['none']);
        expect(rulesBroken(versionsFrom('6'), changes)).toEqual(['EV-4.1']);
      }
    },
  );

  it('[EV-4.1] says where the number stands', () => {
    const result = parse('10', { content: { list: [1, { deep: new NumberLiteral('1.5') }] } });
    expect(result).toMatchObject({ reason: expect.stringContaining('content.list[1].deep') });
  });

  it('[EV-4.2] refuses what canonical JSON cannot say', () => {
    const nested = (depth: number): JsonObject => (depth === 0 ? {} : { a: nested(depth - 1) });
    for (const version of allVersions) {
      expect(ruleBroken(version, { content: { body: '\ud800' } })).toBe('EV-4.2');
      expect(ruleBroken(version, { content: { '\udfff': 1 } })).toBe('EV-4.2');
      expect(ruleBroken(version, { content: { a: new NumberLiteral('1e999') } })).toBe('EV-4.2');
      expect(ruleBroken(version, { content: nested(499) })).toBe('EV-4.2');
      expect(ruleBroken(version, { content: nested(498) })).toBe('none');
      expect(ruleBroken(version, { content: nested(5_000) })).toBe('EV-4.2');
    }
  });

  it.each([{ age: 1 }, null, 'x', { a: new NumberLiteral('1.5') }, { a: '\ud800' }])(
    '[EV-5.1] drops unsigned %j',
    (unsigned) => {
      for (const version of allVersions) {
        expect(accepted(parse(version, { unsigned }))).toEqual(accepted(parse(version)));
      }
    },
  );

  it('[EV-6.1] reads the target of a redaction where the version puts it', () => {
    for (const version of allVersions) {
      const target = sampleEventId(getRoomVersion(version), 9);
      const type = 'm.room.redaction';
      const onTop = accepted(parse(version, { type, redacts: target })).redacts;
      const within = accepted(parse(version, { type, content: { redacts: target } })).redacts;
      const [here, elsewhere] = Number(version) < 11 ? [onTop, within] : [within, onTop];
      expect([here, elsewhere]).toEqual([target, undefined]);
      const both = { redacts: target, content: { redacts: target } };
      expect(accepted(parse(version, both)).redacts).toBeUndefined();
    }
  });

  it.each([null, 1, 'abc', {}, ['$a:b']])('[EV-6.1] reads no target in %j', (redacts) => {
    for (const version of allVersions) {
      const changes = { type: 'm.room.redaction', redacts, content: { redacts } };
      expect(accepted(parse(version, changes)).redacts).toBeUndefined();
    }
  });

  it('[EV-6.1] keeps redaction targets to the ids of the version', () => {
    const other = '$other:example.org' as EventId;
    const json = { type: 'm.room.redaction', redacts: other, content: { redacts: other } };
    for (const version of versionsThrough('2')) {
      expect(accepted(parse(version, json)).redacts).toBe(other);
    }
    for (const version of versionsFrom('3')) {
      expect(accepted(parse(version, json)).redacts).toBeUndefined();
    }
  });

  it('[EV-1.3] reads own members only', () => {
    const inherited = Object.create(sampleEvent(getRoomVersion('10'))) as JsonObject;
    expect(parsePdu(inherited, getRoomVersion('10')).ok).toBe(false);
    const rules = getRoomVersion('10');
    const polluting = JSON.parse('{"__proto__":{"type":"m.evil","state_key":""}}') as JsonObject;
    const pdu = accepted(parsePdu(sampleEvent(rules, {}, polluting), rules));
    expect([pdu.type, pdu.stateKey]).toEqual(['m.room.message', undefined]);
    expect(Object.keys(pdu.json)).toContain('__proto__');
  });
});
