import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberLiteral } from '../../json/value.ts';
import type { JsonObject, JsonValue } from '../../json/value.ts';
import { mutatedJson } from '../../testing/mutated-json.ts';
import { fuzzParameters } from '../../testing/runs.ts';
import { parseDeviceListUpdate, PREV_IDS_MAX } from './device-list-update.ts';
import { DIRECT_MESSAGES_MAX, parseDirectToDevice } from './direct-to-device.ts';
import { parseEdu } from './parse-edu.ts';
import { parsePresence, PRESENCE_UPDATES_MAX } from './presence.ts';
import { parseReceipts, RECEIPTS_MAX } from './receipt.ts';
import { parseSigningKeyUpdate } from './signing-key-update.ts';
import { parseTyping } from './typing.ts';

const JOHN = '@john:example.com';
const ROOM = '!somewhere:example.org';
/** Fit for an event, but not to be handed on from anywhere else. */
const HISTORICAL = '@jo hn:example.com';

const typing: JsonObject = { room_id: ROOM, user_id: JOHN, typing: true };
const receipt: JsonObject = { event_ids: ['$read:example.org'], data: { ts: 1_533_358_089_009 } };
const receipts: JsonObject = { [ROOM]: { 'm.read': { [JOHN]: receipt } } };
const update: JsonObject = { user_id: JOHN, presence: 'online', last_active_ago: 5_000 };
const device: JsonObject = { user_id: JOHN, device_id: 'QBUAZIFURK', stream_id: 6, prev_id: [5] };
const keys: JsonObject = { user_id: JOHN, master_key: {}, self_signing_key: {} };
const direct: JsonObject = {
  sender: JOHN,
  type: 'm.room_key_request',
  message_id: 'hiezohf6Hoo7kaev',
  messages: { '@alice:example.org': { IWHQUZUIAH: { a: 1 }, '*': { b: 2 } } },
};

/** What a reason speaks of, by rule from `EDU-1` on. */
const FIELDS: readonly RegExp[] = [
  /^edu_type is |^content of an EDU is |^an EDU is /,
  /^m\.typing: (room_id|user_id|typing) is /,
  /^m\.receipt: more than \d+ receipts$/,
  /^m\.presence: push is |^m\.presence: more than \d+ updates$/,
  /^m\.device_list_update: (user_id|device_id|stream_id|prev_id|keys) is /,
  /^m\.signing_key_update: (user_id|master_key|self_signing_key) is /,
  /^m\.direct_to_device: ((sender|type|message_id|messages) is |over \d+ messages$)/,
];

describe('parseEdu', () => {
  it('[EDU-1] reads type and content, known or not', () => {
    const json = { edu_type: 'org.example.new', content: { a: 1 }, more: true };
    expect(parseEdu(json)).toEqual({
      ok: true,
      value: { type: 'org.example.new', content: { a: 1 } },
    });
  });

  it.each<JsonValue>([
    null,
    [],
    {},
    { edu_type: 'm.typing' },
    { edu_type: 1, content: {} },
    { edu_type: 'a'.repeat(256), content: {} },
    { edu_type: 'm.typing', content: [] },
  ])('[EDU-1] refuses %j', (json) => {
    expect(parseEdu(json)).toMatchObject({ ok: false, rule: 'EDU-1' });
  });
});

describe('m.typing', () => {
  it('[EDU-2] is read', () => {
    expect(parseTyping(typing)).toEqual({
      ok: true,
      value: { roomId: ROOM, userId: JOHN, isTyping: true },
    });
  });

  it.each<JsonObject>([
    { room_id: 'room' },
    { room_id: null },
    { user_id: 'john' },
    { user_id: 1 },
    { typing: 'yes' },
    { typing: null },
  ])('[EDU-2] is refused with %j', (change) => {
    expect(parseTyping({ ...typing, ...change })).toMatchObject({ ok: false, rule: 'EDU-2' });
  });
});

describe('m.receipt', () => {
  const read = (content: JsonObject) => {
    const result = parseReceipts(content);
    return result.ok ? result.value : result.rule;
  };

  it('[EDU-3] is read, with its thread', () => {
    const base = {
      roomId: ROOM,
      userId: JOHN,
      eventId: '$read:example.org',
      ts: 1_533_358_089_009,
    };
    expect(read(receipts)).toEqual([{ ...base, threadId: undefined }]);
    const data = { ts: 1_533_358_089_009, thread_id: 'main' };
    expect(read({ [ROOM]: { 'm.read': { [JOHN]: { ...receipt, data } } } })).toEqual([
      { ...base, threadId: 'main' },
    ]);
  });

  it.each<JsonObject>([
    { event_ids: [] },
    { event_ids: ['$a:b', '$c:d'] },
    { event_ids: ['read'] },
    { event_ids: '$read:example.org' },
    { data: null },
    { data: {} },
    { data: { ts: -1 } },
    { data: { ts: '1' } },
    { data: { ts: new NumberLiteral('1e3') } },
    { data: { ts: 1, thread_id: '' } },
    { data: { ts: 1, thread_id: null } },
    { data: { ts: 1, thread_id: 'a'.repeat(256) } },
  ])('[EDU-3] passes over one with %j, and takes its neighbour', (change) => {
    const readers = { [JOHN]: { ...receipt, ...change }, '@alice:example.org': receipt };
    expect(read({ [ROOM]: { 'm.read': readers } })).toMatchObject([
      { userId: '@alice:example.org' },
    ]);
  });

  it('[EDU-3] passes over other kinds, other rooms, private receipts', () => {
    const others = { 'm.read.private': { [JOHN]: receipt }, 'm.other': { [JOHN]: receipt } };
    expect(
      read({ [ROOM]: others, notARoom: { 'm.read': { [JOHN]: receipt } }, '!a:b': null }),
    ).toEqual([]);
  });

  it('[EDU-3] brings a bounded number', () => {
    const many = (length: number) => {
      const readers = Array.from({ length }, (_, n) => [`@user${n}:example.com`, receipt] as const);
      return { [ROOM]: { 'm.read': Object.fromEntries(readers) } };
    };
    expect(read(many(RECEIPTS_MAX))).toHaveLength(RECEIPTS_MAX);
    expect(read(many(RECEIPTS_MAX + 1))).toBe('EDU-3');
  });
});

describe('m.presence', () => {
  const read = (content: JsonObject) => {
    const result = parsePresence(content);
    return result.ok ? result.value : result.rule;
  };

  it('[EDU-4] is read', () => {
    const full = { ...update, status_msg: 'Making cupcakes', currently_active: true };
    const base = { userId: JOHN, presence: 'online', lastActiveAgoMs: 5_000 };
    expect(read({ push: [full, update] })).toEqual([
      { ...base, statusMessage: 'Making cupcakes', isCurrentlyActive: true },
      { ...base, statusMessage: undefined, isCurrentlyActive: false },
    ]);
  });

  it.each<JsonObject>([
    { user_id: 'john' },
    { presence: 'asleep' },
    { presence: 'toString' },
    { last_active_ago: -1 },
    { last_active_ago: '5' },
    { last_active_ago: new NumberLiteral('9007199254740992') },
  ])('[EDU-4] passes over one with %j, and takes its neighbour', (change) => {
    expect(read({ push: [{ ...update, ...change }, update, null] })).toHaveLength(1);
  });

  it('[EDU-4] is bounded in number and length', () => {
    expect(read({})).toBe('EDU-4');
    expect(read({ push: {} })).toBe('EDU-4');
    const push = Array.from({ length: PRESENCE_UPDATES_MAX }, () => update);
    expect(read({ push })).toHaveLength(PRESENCE_UPDATES_MAX);
    expect(read({ push: [...push, update] })).toBe('EDU-4');
    const status_msg = `${'a'.repeat(1_023)}😀`;
    expect(read({ push: [{ ...update, status_msg }] })).toMatchObject([
      { statusMessage: `${'a'.repeat(1_023)}\ufffd` },
    ]);
  });
});

describe('m.device_list_update', () => {
  it('[EDU-5] is read', () => {
    expect(parseDeviceListUpdate(device)).toEqual({
      ok: true,
      value: {
        userId: JOHN,
        deviceId: 'QBUAZIFURK',
        streamId: 6,
        prevIds: [5],
        isDeleted: false,
        displayName: undefined,
        keys: undefined,
      },
    });
    const more = { deleted: true, device_display_name: 'a'.repeat(300), keys: { a: 1 } };
    const { prev_id: _prevId, ...first } = device;
    expect(parseDeviceListUpdate({ ...first, ...more })).toMatchObject({
      value: { prevIds: [], isDeleted: true, displayName: 'a'.repeat(255), keys: { a: 1 } },
    });
  });

  it.each<JsonObject>([
    { user_id: null },
    { device_id: '' },
    { device_id: 1 },
    { stream_id: '6' },
    { stream_id: new NumberLiteral('1.5') },
    { prev_id: 5 },
    { prev_id: [null] },
    { prev_id: Array.from({ length: PREV_IDS_MAX + 1 }, () => 1) },
    { keys: [] },
  ])('[EDU-5] is refused with %j', (change) => {
    expect(parseDeviceListUpdate({ ...device, ...change })).toMatchObject({ rule: 'EDU-5' });
  });
});

describe('m.signing_key_update', () => {
  it('[EDU-6] is read', () => {
    expect(parseSigningKeyUpdate(keys)).toEqual({
      ok: true,
      value: { userId: JOHN, masterKey: {}, selfSigningKey: {} },
    });
    expect(parseSigningKeyUpdate({ user_id: JOHN }).ok).toBe(true);
  });

  it.each<JsonObject>([{ user_id: '' }, { master_key: null }, { self_signing_key: [] }])(
    '[EDU-6] is refused with %j',
    (change) => {
      expect(parseSigningKeyUpdate({ ...keys, ...change })).toMatchObject({ rule: 'EDU-6' });
    },
  );
});

describe('m.direct_to_device', () => {
  it('[EDU-7] is read', () => {
    const userId = '@alice:example.org';
    expect(parseDirectToDevice(direct)).toEqual({
      ok: true,
      value: {
        sender: JOHN,
        type: 'm.room_key_request',
        messageId: 'hiezohf6Hoo7kaev',
        messages: [
          { userId, deviceId: 'IWHQUZUIAH', content: { a: 1 } },
          { userId, deviceId: '*', content: { b: 2 } },
        ],
      },
    });
  });

  it('[EDU-7] counts code points of its id', () => {
    expect(parseDirectToDevice({ ...direct, message_id: '😀'.repeat(32) }).ok).toBe(true);
    expect(parseDirectToDevice({ ...direct, message_id: '😀'.repeat(33) }).ok).toBe(false);
    expect(parseDirectToDevice({ ...direct, message_id: 'a'.repeat(33) }).ok).toBe(false);
  });

  it.each<JsonObject>([
    { sender: 'john' },
    { type: 1 },
    { type: 'a'.repeat(256) },
    { message_id: null },
    { messages: [] },
  ])('[EDU-7] is refused with %j', (change) => {
    expect(parseDirectToDevice({ ...direct, ...change })).toMatchObject({ rule: 'EDU-7' });
  });

  it('[EDU-7] passes over what addresses nobody', () => {
    const messages = { alice: { A: {} }, [JOHN]: { '': {}, 'a\n': {}, A: null }, '@b:c': [] };
    expect(parseDirectToDevice({ ...direct, messages })).toMatchObject({ value: { messages: [] } });
  });

  it('[EDU-7] brings a bounded number', () => {
    const toMany = (length: number) => {
      const devices = Array.from({ length }, (_, n) => [`D${n}`, {}] as const);
      return parseDirectToDevice({ ...direct, messages: { [JOHN]: Object.fromEntries(devices) } });
    };
    expect(toMany(DIRECT_MESSAGES_MAX).ok).toBe(true);
    expect(toMany(DIRECT_MESSAGES_MAX + 1)).toMatchObject({ rule: 'EDU-7' });
  });
});

describe('EDUs', () => {
  it('[EDU-8] do not hand on historical user ids', () => {
    expect(parseTyping({ ...typing, user_id: HISTORICAL }).ok).toBe(false);
    expect(parseReceipts({ [ROOM]: { 'm.read': { [HISTORICAL]: receipt } } })).toMatchObject({
      value: [],
    });
    expect(parsePresence({ push: [{ ...update, user_id: HISTORICAL }] })).toMatchObject({
      value: [],
    });
    expect(parseDeviceListUpdate({ ...device, user_id: HISTORICAL }).ok).toBe(false);
    expect(parseSigningKeyUpdate({ ...keys, user_id: HISTORICAL }).ok).toBe(false);
    expect(parseDirectToDevice({ ...direct, sender: HISTORICAL }).ok).toBe(false);
  });

  it.each([
    parseTyping,
    parseReceipts,
    parsePresence,
    parseDeviceListUpdate,
    parseSigningKeyUpdate,
    parseDirectToDevice,
    parseEdu,
  ])('[EDU-9] of any shape do not make %o throw', (parse) => {
    const samples = [typing, receipts, { push: [update, update] }, device, keys, direct];
    fc.assert(
      fc.property(mutatedJson([...samples, { edu_type: 'm.typing', content: typing }]), (json) => {
        const result = parse(json);
        if (result.ok) return;
        expect(result.rule).toMatch(/^EDU-[1-7]$/);
        expect(result.reason).toMatch(FIELDS[Number(result.rule.slice(4)) - 1] ?? /^no such rule$/);
      }),
      fuzzParameters(),
    );
  });
});
