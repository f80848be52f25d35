import type { JsonObject } from './json.ts';

/** A state event as somebody outside the room is shown it. Source: client-server API, "Stripped state". */
export type StrippedStateEvent = {
  readonly type: string;
  readonly state_key: string;
  readonly sender: string;
  readonly content: JsonObject;
};
