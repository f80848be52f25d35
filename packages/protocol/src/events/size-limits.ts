/** Bounds of an event. Source: client-server API, "Size limits"; the event format of each room version. */

/** Of the whole federation form with its signatures, as canonical JSON. */
export const EVENT_MAX_BYTES = 65_536;
export const TYPE_MAX_BYTES = 255;
export const STATE_KEY_MAX_BYTES = 255;
export const PREV_EVENTS_MAX = 20;
export const AUTH_EVENTS_MAX = 10;
/** Containers within one another that an event may have and still be written as canonical JSON. */
export const EVENT_MAX_DEPTH = 500;
