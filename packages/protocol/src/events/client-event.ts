import type { EventId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import type { ClientEvent, ClientEventUnsigned } from '../wire/client-event.ts';
import { asWireJson } from './as-wire-json.ts';
import type { Membership } from './content/membership.ts';
import type { Pdu } from './pdu.ts';

/** What a homeserver adds of its own knowledge when it shows an event to somebody. */
export interface ClientEventOptions {
  /** Where the room is named around the event, as in `/sync`. */
  readonly withoutRoomId?: boolean;
  readonly ageMs?: number | undefined;
  /** Only for the device that sent the event. */
  readonly transactionId?: string | undefined;
  /** Content of the state event that this one replaced, if the reader may see that. */
  readonly prevContent?: JsonObject | undefined;
  readonly replacesState?: EventId | undefined;
  readonly redactedBecause?: ClientEvent | undefined;
  /** Of the reader, at the event. */
  readonly membership?: Membership | undefined;
}

/**
 * The event as clients see it. A redaction names its target in both places, whichever its room version uses; a create
 * event of version 12 has the room id that it makes.
 * Sources: client-server API, "Room event format"; rooms/v11.md, "Moving the `redacts` property".
 */
export function toClientEvent(pdu: Pdu, options: ClientEventOptions = {}): ClientEvent {
  const unsigned = unsignedOf(options);
  const { redacts } = pdu;
  const content = asWireJson(pdu.content);
  return {
    event_id: pdu.eventId,
    type: pdu.type,
    sender: pdu.sender,
    origin_server_ts: pdu.originServerTs,
    content: redacts === undefined ? content : { ...content, redacts },
    ...(options.withoutRoomId === true ? {} : { room_id: pdu.roomId }),
    ...(pdu.stateKey === undefined ? {} : { state_key: pdu.stateKey }),
    ...(redacts === undefined ? {} : { redacts }),
    ...(Object.keys(unsigned).length === 0 ? {} : { unsigned }),
  };
}

function unsignedOf(options: ClientEventOptions): ClientEventUnsigned {
  const members: readonly (readonly [keyof ClientEventUnsigned, unknown])[] = [
    ['age', options.ageMs],
    ['transaction_id', options.transactionId],
    ['prev_content', options.prevContent],
    ['replaces_state', options.replacesState],
    ['redacted_because', options.redactedBecause],
    ['membership', options.membership],
  ];
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
