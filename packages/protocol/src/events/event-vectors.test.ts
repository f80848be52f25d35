import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../json/base64.ts';
import { parseJson } from '../json/parse.ts';
import { isArray, isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { sharedVectors } from '../testing/shared.ts';
import { checkContentHash } from './content-hash.ts';
import { eventIdOf } from './event-id-of.ts';
import { parsePdu } from './parse-pdu.ts';
import { redactPdu } from './redact-pdu.ts';
import { redact } from './redact.ts';
import { referenceHash } from './reference-hash.ts';

const vectors = sharedVectors('matrix/gomatrixserverlib.json');

function listAt(key: string): readonly JsonObject[] {
  if (vectors.missing) return [];
  const file = parseJson(readFileSync(vectors.path));
  const list = file.ok && isObject(file.value) ? member(file.value, key) : undefined;
  return isArray(list) ? list.filter(isObject) : [];
}

function eventIn(vector: JsonObject): JsonObject {
  const event = member(vector, 'event');
  if (!isObject(event)) throw new TypeError('a vector without an event');
  return event;
}

describe.skipIf(vectors.missing)('events of gomatrixserverlib', () => {
  it.each(listAt('eventIds').map((vector) => [member(vector, 'event_id'), vector] as const))(
    '[EV-2.3] %s',
    (id, vector) => {
      const rules = getRoomVersion(member(vector, 'roomVersion') as RoomVersionId);
      const pdu = parsePdu(eventIn(vector), rules);
      expect(pdu).toMatchObject({ ok: true, value: { eventId: id } });
      expect(pdu.ok && eventIdOf(redactPdu(pdu.value).json, rules)).toEqual({
        ok: true,
        value: id,
      });
    },
  );

  it('[EV-2.1] [EV-2.3] are two with ids, and sixteen of version 1', () => {
    expect(listAt('eventIds')).toHaveLength(2);
    expect(listAt('roomV1Events')).toHaveLength(16);
  });

  it.each(listAt('roomV1Events').map((vector, index) => [index, eventIn(vector)] as const))(
    '[EV-2.1] number %i of version 1 is read, with a right content hash',
    (_index, event) => {
      const pdu = parsePdu(event, getRoomVersion('1'));
      expect(pdu).toMatchObject({ ok: true, value: { eventId: member(event, 'event_id') } });
      expect(checkContentHash(event).ok).toBe(true);
    },
  );

  it('[RED-13] have the reference hashes that others name them by', () => {
    const rules = getRoomVersion('1');
    const events = new Map(
      listAt('roomV1Events').map((vector) => [
        member(eventIn(vector), 'event_id'),
        eventIn(vector),
      ]),
    );
    const named = listAt('v1ReferenceHashes');
    expect(named).toHaveLength(9);
    for (const vector of named) {
      const event = events.get(member(vector, 'event_id'));
      if (event === undefined) throw new TypeError('a hash of no event');
      const expected = member(vector, 'reference_sha256');
      expect(encodeBase64(referenceHash(event, rules))).toBe(expected);
      expect(encodeBase64(referenceHash(redact(event, rules), rules))).toBe(expected);
    }
  });

  it('[EV-3.1] [EV-1.3] of later versions are read, but for those whose senders are keys', () => {
    const rules = getRoomVersion('4');
    const events = listAt('laterEvents').map(eventIn);
    for (const event of events) expect(checkContentHash(event).ok).toBe(true);
    const verdicts = events.map((event) => parsePdu(event, rules)).map((pdu) => pdu.ok || pdu.rule);
    // The last four are of an experiment in which a sender is a public key.
    expect(verdicts).toEqual([true, true, 'EV-1.3', 'EV-1.3', 'EV-1.3', 'EV-1.8']);
  });
});
