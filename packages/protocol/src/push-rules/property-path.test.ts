import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/value.ts';
import { findProperty, parsePropertyPath } from './property-path.ts';

describe('reading a path', () => {
  it.each([
    ['content.body', ['content', 'body']],
    [String.raw`content.m\.relates_to`, ['content', 'm.relates_to']],
    [String.raw`content.m\\foo`, ['content', String.raw`m\foo`]],
    [String.raw`content.m\xfoo`, ['content', String.raw`m\xfoo`]],
    [String.raw`a\\.b`, ['a\\', 'b']],
    [String.raw`a\\\.b`, [String.raw`a\.b`]],
    ['a\\', ['a\\']],
    ['', ['']],
    ['.', ['', '']],
    ['a..b', ['a', '', 'b']],
  ])('[PUSH-10] %j', (text, expected) => {
    expect(parsePropertyPath(text)).toEqual(expected);
  });
});

describe('following a path', () => {
  const event: JsonObject = {
    type: 'm.room.message',
    content: { 'm.mentions': { room: true }, list: ['a'], nothing: null, '': { '': 1 } },
  };

  it.each([
    ['type', 'm.room.message'],
    [String.raw`content.m\.mentions.room`, true],
    ['content.nothing', null],
    ['content..', 1],
    ['content.m.mentions', undefined],
    ['content.list.0', undefined],
    ['content.list.length', undefined],
    ['type.length', undefined],
    ['content.nothing.more', undefined],
    ['constructor', undefined],
    ['content.__proto__', undefined],
    ['content.hasOwnProperty', undefined],
  ])('[PUSH-10] %s leads to %j', (path, expected) => {
    expect(findProperty(event, parsePropertyPath(path))).toBe(expected);
  });
});
