import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import { fitsBytes } from '../../identifiers/byte-length.ts';
import { isObject, member } from '../../json/value.ts';
import type { JsonObject, JsonValue } from '../../json/value.ts';
import { TYPE_MAX_BYTES } from '../size-limits.ts';

/** An ephemeral data unit, its content not looked at: each type that we know has a parser beside this one. */
export interface Edu {
  readonly type: string;
  readonly content: JsonObject;
}

/** Types are open: one that we do not know is passed over by whoever reads it. Source: server-server API, "EDUs". */
export function parseEdu(json: JsonValue): Parsed<Edu> {
  if (!isObject(json)) return refused('EDU-1', 'an EDU is not an object');
  const type = member(json, 'edu_type');
  if (typeof type !== 'string' || !fitsBytes(type, TYPE_MAX_BYTES)) {
    return refused('EDU-1', `edu_type is not a string of at most ${TYPE_MAX_BYTES} bytes`);
  }
  const content = member(json, 'content');
  if (!isObject(content)) return refused('EDU-1', 'content of an EDU is not an object');
  return parsed({ type, content });
}
