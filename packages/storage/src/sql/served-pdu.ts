import { redact, redactContent } from '@hansa/protocol';
import type { Pdu } from '@hansa/protocol';

/** The form in which a redacted event is shown and sent. */
export function prunePdu(pdu: Pdu): Pdu {
  return {
    ...pdu,
    content: redactContent(pdu.type, pdu.content, pdu.rules),
    redacts: undefined,
    json: redact(pdu.json, pdu.rules),
  };
}
