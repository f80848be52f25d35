import { parseJson } from '@hansa/protocol';
import type { JsonValue, Parsed } from '@hansa/protocol';

/**
 * Containers within one another in what another server sends. Far more than an event may have (`EVENT_MAX_DEPTH` of the
 * core): one that is too deep is then refused by itself, and neither its transaction nor the state that it stands in.
 */
const PEER_JSON_MAX_DEPTH = 1_000;

/** JSON of another server: the body of its request, or its answer to ours. */
export function parsePeerJson(bytes: Uint8Array, maxBytes: number): Parsed<JsonValue> {
  return parseJson(bytes, { maxBytes, maxDepth: PEER_JSON_MAX_DEPTH });
}
