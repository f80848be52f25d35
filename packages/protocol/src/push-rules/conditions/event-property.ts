import { isArray, member, type JsonValue } from '../../json/value.ts';
import { parsePropertyPath } from '../property-path.ts';
import { never, type CompileCondition } from './condition.ts';

/** `event_property_is`: a property of the event is exactly this simple value. */
export const eventPropertyIs: CompileCondition = (condition) => {
  const key = member(condition, 'key');
  const wanted = member(condition, 'value');
  if (typeof key !== 'string' || !isSimple(wanted)) return never;
  const path = parsePropertyPath(key);
  return (event) => event.get(path) === wanted;
};

/** `event_property_contains`: a list in the event has exactly this simple value among its own. */
export const eventPropertyContains: CompileCondition = (condition) => {
  const key = member(condition, 'key');
  const wanted = member(condition, 'value');
  if (typeof key !== 'string' || !isSimple(wanted)) return never;
  const path = parsePropertyPath(key);
  return (event) => {
    const list = event.get(path);
    return isArray(list) && list.includes(wanted);
  };
};

/** Strings, booleans, null and integers within ±(2^53 − 1): what is compared without a question of form. */
function isSimple(value: JsonValue | undefined): value is string | boolean | number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}
