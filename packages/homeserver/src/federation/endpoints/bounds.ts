import { Type } from 'typebox';
import { AnyObject } from '../../http/index.ts';

/** Of one answer: the largest rooms there are have some 100,000 members. */
const MAX_STATE_EVENTS = 200_000;

/** A body of events may be this large, and takes its time. */
export const STATE_LIMITS = { maxBytes: 50 * 1024 * 1024, timeoutMs: 300_000 };

export const EventList = Type.Array(AnyObject, { maxItems: MAX_STATE_EVENTS });

export const EventIdList = Type.Array(Type.String({ maxLength: 255 }), {
  maxItems: MAX_STATE_EVENTS,
});
