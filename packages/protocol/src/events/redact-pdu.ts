import { isObject, member } from '../json/value.ts';
import type { Pdu } from './pdu.ts';
import { redact } from './redact.ts';
import { redactionTargetOf } from './redaction-target.ts';

/**
 * The event as it is after a redaction of it, and as it is taken when its content hash is wrong. Same event id.
 */
export function redactPdu(pdu: Pdu): Pdu {
  const json = redact(pdu.json, pdu.rules);
  const content = member(json, 'content');
  return {
    ...pdu,
    content: isObject(content) ? content : {},
    redacts: redactionTargetOf(json, pdu.rules),
    json,
  };
}
