import { buildEvent, type EventTemplate } from '../events/build-event.ts';
import { contentHash } from '../events/content-hash.ts';
import { parsePdu } from '../events/parse-pdu.ts';
import type { Pdu } from '../events/pdu.ts';
import { redactContent } from '../events/redact.ts';
import { redactPdu } from '../events/redact-pdu.ts';
import { referenceHash } from '../events/reference-hash.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { EventId, RoomId } from '../identifiers/brand.ts';
import { encodeBase64 } from '../json/base64.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/** Turns what a generated graph wants to say into events. One maker makes one room. */
export interface EventMaker<E extends RoomEvent> {
  make(template: EventTemplate): E;
  redact(event: E): E;
}

/** Events without a federation form; their ids are random, so that ties are broken at random. */
export function plainEvents(rules: RoomVersionRules, random: () => number): EventMaker<RoomEvent> {
  let made = 0;
  return {
    make(template) {
      made += 1;
      const name = `${Math.floor(random() * 36 ** 6).toString(36)}-${made}`;
      const roomId = rules.roomIdFormat === 'create-event-hash' ? `!${name}` : '!room:a.example';
      return {
        ...template,
        eventId: (rules.eventIdFormat === 'given' ? `$${name}:a.example` : `$${name}`) as EventId,
        roomId: template.roomId ?? (roomId as RoomId),
        stateKey: template.stateKey,
        redacts: template.redacts,
      };
    },
    redact: (event) => ({
      ...event,
      content: redactContent(event.type, event.content, rules),
      redacts: rules.redactsIn === 'content' ? undefined : event.redacts,
    }),
  };
}

/** Events as servers exchange them: hashed, with the ids that follow from that, not signed. */
export function federationEvents(rules: RoomVersionRules): EventMaker<Pdu> {
  const referenceHashes = new Map<EventId, string>();
  const roomId = '!room:a.example' as RoomId;
  return {
    make(template) {
      const given = rules.eventIdFormat === 'given';
      const makesRoom =
        rules.roomIdFormat === 'create-event-hash' && template.type === 'm.room.create';
      const json = withHashes(
        buildEvent(
          {
            ...template,
            roomId: makesRoom ? undefined : (template.roomId ?? roomId),
            eventId: given ? (`$e${referenceHashes.size}:a.example` as EventId) : undefined,
            referenceHashes,
          },
          rules,
        ),
      );
      const pdu = parsePdu(json, rules);
      if (!pdu.ok) throw new Error(`a generated event is malformed: ${pdu.reason}`);
      referenceHashes.set(pdu.value.eventId, encodeBase64(referenceHash(json, rules)));
      return pdu.value;
    },
    redact: redactPdu,
  };
}

function withHashes(json: JsonObject): JsonObject {
  return { ...json, hashes: { sha256: encodeBase64(contentHash(json)) }, signatures: {} };
}
