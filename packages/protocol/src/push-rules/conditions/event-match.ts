import { foldUnicode } from '../../glob/fold.ts';
import { Glob } from '../../glob/glob.ts';
import { member } from '../../json/value.ts';
import { parsePropertyPath, type PropertyPath } from '../property-path.ts';
import { occursInBody } from './body-words.ts';
import { never, type CompileCondition } from './condition.ts';

/** `event_match`: a string of the event matches a glob as a whole; within `content.body`, some words of it do. */
export const eventMatch: CompileCondition = (condition) => {
  const key = member(condition, 'key');
  const pattern = member(condition, 'pattern');
  if (typeof key !== 'string' || typeof pattern !== 'string') return never;
  const path = parsePropertyPath(key);
  const glob = Glob.compile(foldUnicode(pattern));
  if (isBody(path)) return (event) => occursInBody(glob, event);
  return (event) => {
    const value = event.get(path);
    return typeof value === 'string' && glob.matches(foldUnicode(value));
  };
};

function isBody(path: PropertyPath): boolean {
  return path.length === 2 && path[0] === 'content' && path[1] === 'body';
}
