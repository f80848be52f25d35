import { afterEach, describe, expect, it, vi } from 'vitest';
import { LEVEL_MAX_DIGITS, readLevel } from './auth/level.ts';
import { levelContentOf } from './auth/level-content.ts';
import { readAllowedRooms } from './events/content/allowed-rooms.ts';
import { readRoomType, readRoomVersion } from './events/content/create.ts';
import { readMembership } from './events/content/membership.ts';
import { parseDeviceListUpdate, PREV_IDS_MAX } from './events/edu/device-list-update.ts';
import { parseDirectToDevice } from './events/edu/direct-to-device.ts';
import { parseEdu } from './events/edu/parse-edu.ts';
import { parsePresence } from './events/edu/presence.ts';
import { parseReceipts } from './events/edu/receipt.ts';
import { parseSigningKeyUpdate } from './events/edu/signing-key-update.ts';
import { parseTyping } from './events/edu/typing.ts';
import { parsePdu } from './events/parse-pdu.ts';
import { foldAscii } from './glob/fold.ts';
import { Glob } from './glob/glob.ts';
import type { EventId, KeyId, RoomId, ServerName, UserId } from './identifiers/brand.ts';
import { parseDeviceId } from './identifiers/device-id.ts';
import { parseEventId } from './identifiers/event-id.ts';
import { parseKeyId } from './identifiers/key-id.ts';
import { parseMxcUri } from './identifiers/mxc-uri.ts';
import { parseRoomAlias } from './identifiers/room-alias.ts';
import { parseRoomId } from './identifiers/room-id.ts';
import { parseServerName } from './identifiers/server-name.ts';
import { parseUserId } from './identifiers/user-id.ts';
import { decodeBase64 } from './json/base64.ts';
import { parseJson } from './json/parse.ts';
import type * as build from './json/build.ts';
import type * as scan from './json/scan.ts';
import { type JsonObject, type JsonValue, NumberLiteral } from './json/value.ts';
import { parsePropertyPath } from './push-rules/property-path.ts';
import { getRoomVersion } from './room-versions/index.ts';
import { compileAcl } from './server-acl/compile-acl.ts';
import { parseKeyFile } from './signing/key-file.ts';
import { publishServerKeys } from './signing/publish-server-keys.ts';
import { parseServerKeys } from './signing/server-keys.ts';
import { parseVerifyKey } from './signing/verify-key.ts';
import { parseAuthorization } from './signing/x-matrix.ts';
import { countedJson, CountedText, type Work } from './testing/counted.ts';
import { sampleEvent } from './testing/sample-event.ts';
import { testKey } from './testing/test-keys.ts';
import { readHistoryVisibility } from './visibility/history-visibility.ts';

/** Of `parseJson`, which reads no text itself: what is handed the text is handed one that counts. */
const jsonWork = vi.hoisted((): Work => ({ steps: 0 }));
vi.mock('./json/scan.ts', async (importOriginal) => {
  const { scanJson } = await importOriginal<typeof scan>();
  const counting: typeof scanJson = (source, options) =>
    scanJson(new CountedText(source, jsonWork) as unknown as string, options);
  return { scanJson: counting };
});
vi.mock('./json/build.ts', async (importOriginal) => {
  const { buildJson } = await importOriginal<typeof build>();
  return {
    buildJson: (source: string) =>
      countedJson(buildJson(new CountedText(source, jsonWork) as unknown as string), jsonWork),
  };
});
const parseNatively = JSON.parse;

const SERVER = 'a.example' as ServerName;
const MOST = 2.5;
/** What a parser does besides, whatever comes. */
const FEW_STEPS = 20;
const rules = getRoomVersion('11');
const KEYS = Array.from({ length: 128 }, (_, at) => testKey(`k${at}`, at + 1).signing);

type Measured = (size: number, work: Work) => unknown;

function many(size: number, entry: (at: number) => readonly [string, JsonValue]): JsonObject {
  return Object.fromEntries(Array.from({ length: size }, (_, at) => entry(at)));
}

function list<T>(size: number, entry: (at: number) => T): T[] {
  return Array.from({ length: size }, (_, at) => entry(at));
}

function text(written: string, work: Work): string {
  return new CountedText(written, work) as unknown as string;
}

function pdu(content: JsonObject, changes: JsonObject = {}): JsonObject {
  return sampleEvent(rules, { content }, changes);
}

const RECEIPT: JsonObject = { event_ids: ['$read:example.org'], data: { ts: 1 } };
const UPDATE: JsonObject = { user_id: '@a:b', presence: 'online', last_active_ago: 1 };
const DEVICE: JsonObject = { user_id: '@a:b', device_id: 'A', stream_id: 1 };
const DIRECT: JsonObject = { sender: '@a:b', type: 't', message_id: 'm' };

/** Of each parser of values: ever more of what it may hold. */
const ofValues: Readonly<Record<string, (size: number) => readonly [JsonObject, Parser]>> = {
  'parsePdu, content': (size) => [pdu(many(size, (at) => [`k${at}`, at])), parsesPdu],
  'parsePdu, its own keys': (size) => [
    pdu(
      {},
      many(size, (at) => [`k${at}`, [at]]),
    ),
    parsesPdu,
  ],
  'parsePdu, signatures': (size) => [
    pdu({}, { signatures: many(size, (at) => [`s${at}`, { 'ed25519:1': 'A' }]) }),
    parsesPdu,
  ],
  'parsePdu, references': (size) => [
    pdu({}, { prev_events: list(size, (at) => `$${String(at).padStart(43, '0')}`) }),
    (json) => parsePdu(json, rules, { anyNumberOfReferences: true }).ok,
  ],
  parseEdu: (size) => [
    { edu_type: 'm', content: many(size, (at) => [`k${at}`, at]) },
    (json) => parseEdu(json).ok,
  ],
  parseTyping: (size) => [
    { ...many(size, (at) => [`k${at}`, at]), room_id: '!r:b', user_id: '@a:b', typing: true },
    (json) => parseTyping(json).ok,
  ],
  parseReceipts: (size) => [
    { '!r:b': { 'm.read': many(size, (at) => [`@u${at}:b`, RECEIPT]) } },
    (json) => parseReceipts(json).ok,
  ],
  'parseReceipts, too many': (size) => [
    { '!r:b': { 'm.read': many(10 * size, (at) => [`@u${at}:b`, RECEIPT]) } },
    (json) => !parseReceipts(json).ok,
  ],
  'parseReceipts, rooms': (size) => [
    many(size, (at) => [`!r${at}:b`, { 'm.read': { '@a:b': RECEIPT } }]),
    (json) => parseReceipts(json).ok,
  ],
  parsePresence: (size) => [{ push: list(size, () => UPDATE) }, (json) => parsePresence(json).ok],
  parseDeviceListUpdate: (size) => [
    { ...DEVICE, prev_id: list(size, (at) => at) },
    (json) => parseDeviceListUpdate(json).ok,
  ],
  'parseDeviceListUpdate, too many': (size) => [
    { ...DEVICE, prev_id: list(PREV_IDS_MAX + size, (at) => at) },
    (json) => !parseDeviceListUpdate(json).ok,
  ],
  parseSigningKeyUpdate: (size) => [
    { user_id: '@a:b', master_key: many(size, (at) => [`k${at}`, at]) },
    (json) => parseSigningKeyUpdate(json).ok,
  ],
  parseDirectToDevice: (size) => [
    { ...DIRECT, messages: many(size, (at) => [`@u${at}:b`, { '*': {} }]) },
    (json) => parseDirectToDevice(json).ok,
  ],
  'parseDirectToDevice, devices of one': (size) => [
    { ...DIRECT, messages: { '@a:b': many(size, (at) => [`D${at}`, {}]) } },
    (json) => parseDirectToDevice(json).ok,
  ],
  'key document, keys': (size) => [
    publishServerKeys({
      serverName: SERVER,
      keys: KEYS.slice(0, size / 8),
      retired: KEYS.slice(0, size / 8).map(({ keyId, publicKey }) => ({
        keyId: `${keyId}_old` as KeyId,
        publicKey,
        expiredTs: 1,
      })),
      validUntilTs: 1,
    }),
    (json) => parseServerKeys(json, SERVER, 0).ok,
  ],
  readMembership: (size) => [
    { ...many(size, (at) => [`k${at}`, at]), membership: 'ban' },
    (json) => readMembership(json) === 'ban',
  ],
  readAllowedRooms: (size) => [
    { allow: list(size, () => ({ type: 'm.room_membership', room_id: '!a:b' })) },
    (json) => readAllowedRooms(json).length === size,
  ],
  'readRoomVersion, readRoomType': (size) => [
    { ...many(size, (at) => [`k${at}`, at]), room_version: '11', type: 'm.space' },
    (json) => readRoomVersion(json) === '11' && readRoomType(json) === 'm.space',
  ],
  readHistoryVisibility: (size) => [
    { ...many(size, (at) => [`k${at}`, at]), history_visibility: 'joined' },
    (json) => readHistoryVisibility(json) === 'joined',
  ],
  'power levels': (size) => [
    {
      users: many(size, (at) => [`@u${at}:b`, at]),
      events: many(size, (at) => [`e${at}`, at]),
      notifications: many(size, (at) => [`n${at}`, at]),
    },
    (content) => levelContentOf({ ...EVENT, content }, rules).size === 3 * size,
  ],
  'server ACL': (size) => [
    { allow: ['*'], deny: list(size, (at) => `s${at}.*`) },
    (json) => !compileAcl(json).allows('s0.example' as ServerName),
  ],
};

type Parser = (json: JsonObject) => boolean;

const EVENT = {
  eventId: '$e' as EventId,
  roomId: '!r:b' as RoomId,
  type: 'm.room.power_levels',
  stateKey: '',
  sender: '@a:b' as UserId,
  originServerTs: 1,
  depth: 1,
  prevEvents: [],
  authEvents: [],
  redacts: undefined,
};

function parsesPdu(json: JsonObject): boolean {
  return parsePdu(json, rules).ok;
}

/** Of each parser of texts without a bound of its own. */
const ofTexts: Readonly<Record<string, Measured>> = {
  decodeBase64: (size, work) => decodeBase64(text('A'.repeat(4 * size), work)),
  'decodeBase64, foreign letters': (size, work) =>
    decodeBase64(text(`${'A'.repeat(4 * size)}!`, work)),
  'decodeBase64, padding': (size, work) => decodeBase64(text('='.repeat(4 * size), work)),
  parseVerifyKey: (size, work) => parseVerifyKey(text('A'.repeat(4 * size), work)),
  parsePropertyPath: (size, work) => parsePropertyPath(text('a.'.repeat(size), work)),
  'parsePropertyPath, backslashes': (size, work) =>
    parsePropertyPath(text('\\'.repeat(size), work)),
  'readLevel, a number': (size, work) =>
    readLevel(new NumberLiteral(text('9'.repeat(size), work)), 'number-or-text'),
  'readLevel, a float': (size, work) =>
    readLevel(new NumberLiteral(text(`1.${'9'.repeat(size)}`, work)), 'number-or-text'),
  'glob, text': (size, work) =>
    Glob.compile(foldAscii('*aab*')).matches(countedJson(foldAscii('a'.repeat(size)), work)),
  'glob, pattern': (size, work) =>
    Glob.compile(countedJson(foldAscii('*a?'.repeat(size)), work)).matches(foldAscii('b')),
};

/** Of `parseJson`, whole: its scans, what builds the value, and what looks through that. */
const ofJson: Readonly<Record<string, (size: number) => string>> = {
  'plain keys': (size) => JSON.stringify(many(size, (at) => [`k${at}`, at])),
  'keys with escapes': (size) => `{${list(size, (at) => `"\\u0061${at}":1`).join()}}`,
  'odd numbers': (size) => `[${list(size, () => '1e3').join()}]`,
  'a key repeated at the end': (size) => `{${list(size, (at) => `"${at % (size - 1)}":1`).join()}}`,
  'a fault at the end': (size) => `[${'[],'.repeat(size)}x]`,
  'one long text': (size) => JSON.stringify('é\n'.repeat(size)),
};

function steps(measure: (work: Work) => unknown): number {
  const work: Work = { steps: 0 };
  measure(work);
  return work.steps;
}

function expectNoMoreThanLinear(measured: Measured, size = 400): void {
  const once = steps((work) => measured(size, work));
  const twice = steps((work) => measured(2 * size, work));
  expect(once).toBeGreaterThan(0);
  expect(twice).toBeLessThanOrEqual(once * MOST + FEW_STEPS);
}

describe('work', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(Object.entries(ofValues))('[WORK-1] grows no faster than the value: %s', (_, make) => {
    expectNoMoreThanLinear((size, work) => {
      const [json, parses] = make(size);
      expect(parses(countedJson(json, work))).toBe(true);
    });
  });

  it.each(Object.entries(ofTexts))('[WORK-1] grows no faster than the text: %s', (_, measured) => {
    expectNoMoreThanLinear(measured);
  });

  it.each(Object.entries(ofJson))('[WORK-1] of parseJson grows no faster than %s', (_, make) => {
    vi.spyOn(JSON, 'parse').mockImplementation((source: string) => {
      jsonWork.steps += source.length;
      return countedJson(parseNatively(source) as JsonValue, jsonWork);
    });
    expectNoMoreThanLinear((size, work) => {
      jsonWork.steps = 0;
      parseJson(make(size));
      work.steps = jsonWork.steps;
    });
  });
});

/** What each parser of short texts makes of one of so many characters, bytes or digits, and the most that it takes. */
const bounded: readonly (readonly [
  name: string,
  most: number,
  takes: (size: number) => boolean,
])[] = [
  ['a server name', 255, (size) => parseServerName('a'.repeat(size)).ok],
  ['a server name’s port', 5, (size) => parseServerName(`a:${'1'.repeat(size)}`).ok],
  ['a user id', 255, (size) => parseUserId(`@${'a'.repeat(size - 3)}:b`).ok],
  ['a room id', 255, (size) => parseRoomId(`!${'a'.repeat(size - 3)}:b`).ok],
  ['an event id', 255, (size) => parseEventId(`$${'a'.repeat(size - 3)}:b`).ok],
  ['a room alias', 255, (size) => parseRoomAlias(`#${'a'.repeat(size - 3)}:b`).ok],
  ['a key id', 255, (size) => parseKeyId(`ed25519:${'a'.repeat(size - 8)}`).ok],
  ['a device id', 255, (size) => parseDeviceId('a'.repeat(size)).ok],
  ['a media id', 255, (size) => parseMxcUri(`mxc://a/${'a'.repeat(size)}`).ok],
  [
    'an Authorization header',
    4_096,
    (size) => parseAuthorization('X-Matrix origin=a,key="ed25519:1",sig=A'.padEnd(size, ',')).ok,
  ],
  [
    'a key file',
    16_384,
    (size) => parseKeyFile(`ed25519 1 ${'A'.repeat(43)}`.padEnd(size, '\n')).ok,
  ],
  [
    'a level as text',
    LEVEL_MAX_DIGITS,
    (size) => readLevel('1'.repeat(size), 'integer-or-text') !== undefined,
  ],
];

describe('texts that are short', () => {
  it.each(bounded)('[WORK-2] %s is at most %i long', (_, most, takes) => {
    expect(takes(most)).toBe(true);
    for (const longer of [most + 1, 2 * most, 100 * most]) expect(takes(longer)).toBe(false);
  });
});
