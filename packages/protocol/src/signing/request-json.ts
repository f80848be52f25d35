import type { ServerName } from '../identifiers/brand.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';

/** What a federation request's signature covers. Server names are those before delegation. */
export interface FederationRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query exactly as they go over the wire, percent-encoding included. */
  readonly uri: string;
  readonly origin: ServerName;
  readonly destination: ServerName;
  /** The parsed body; absent when there is none. */
  readonly content?: JsonValue;
}

/** The object that is signed. Source: server-server API, "Request Authentication", step 1. */
export function requestJson(request: FederationRequest): JsonObject {
  const { method, uri, origin, destination, content } = request;
  return { method, uri, origin, destination, ...(content === undefined ? {} : { content }) };
}
