import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedCharacters, type Work } from '../testing/counted.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { mutatedText } from '../testing/mutations.ts';
import { foldAscii, foldUnicode, type Characters } from './fold.ts';
import { globMatches } from './glob-matches.ts';
import { Glob } from './glob.ts';

function matches(pattern: string, text: string): boolean {
  return Glob.compile(foldAscii(pattern)).matches(foldAscii(text));
}

describe('a whole text', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'A', true],
    ['a', 'ab', false],
    ['b', 'ab', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['**', '', true],
    ['a*', 'a', true],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abcd', false],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['*a*b*', 'xaxbx', true],
    ['*a*b*', 'xbxax', false],
    ['*ab*ab*', 'xabx', false],
  ] as const)('[GLOB-1] star: %j on %j is %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each([
    ['?', '', false],
    ['?', 'a', true],
    ['?', 'ab', false],
    ['?', '\u{1f600}', true],
    ['??', '\u{1f600}', false],
    ['a?c', 'abc', true],
    ['*?', '', false],
    ['?*', 'a', true],
    ['*a?c*', 'xxabcxx', true],
  ] as const)('[GLOB-2] question mark: %j on %j is %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each([
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a\\*', 'a*', false],
    ['(a+)+$', '(a+)+$', true],
    ['^a', '^a', true],
  ] as const)(
    '[GLOB-3] every other character is itself: %j on %j is %j',
    (pattern, text, expected) => {
      expect(matches(pattern, text)).toBe(expected);
    },
  );
});

describe('literal', () => {
  it.each([
    ['a*', 'a*', true],
    ['a*', 'ab', false],
    ['a?', 'a?', true],
    ['a?', 'ab', false],
  ] as const)('[GLOB-3] %j on %j is %j', (text, other, expected) => {
    expect(Glob.literal(foldAscii(text)).matches(foldAscii(other))).toBe(expected);
  });
});

describe('folding', () => {
  it.each([
    ['ÉA', 'éa', true],
    ['ΟΔΟΣ', 'οδος', true],
    ['ΟΔΟΣ*', 'οδοσα', true],
    ['привет', 'ПРИВЕТ', true],
    ['\u{10400}', '\u{10428}', true],
    ['e', 'é', false],
    ['k', '\u212a', false],
    ['SS', 'ß', false],
    ['ß', 'ß', true],
  ] as const)('[GLOB-4] unicode: %j on %j is %j', (pattern, text, expected) => {
    expect(Glob.compile(foldUnicode(pattern)).matches(foldUnicode(text))).toBe(expected);
  });

  it('[GLOB-4] unicode: one character stays one, and ASCII letters come from ASCII letters only', () => {
    const beyondAscii = Array.from({ length: 0x20000 - 0x80 }, (_, index) => index + 0x80);
    const wrong = beyondAscii.filter((point) => {
      const [folded = 0, ...others] = foldUnicode(String.fromCodePoint(point));
      return folded < 0x80 || others.length > 0;
    });
    expect(wrong).toEqual([]);
  });

  it('[GLOB-4] ascii: only A to Z have two forms', () => {
    expect(matches('K', 'k')).toBe(true);
    expect(matches('É', 'é')).toBe(false);
    expect(matches('[', '{')).toBe(false);
  });

  it('[GLOB-4] exact: no character has two forms', () => {
    expect(globMatches('m.room.*', 'm.room.member')).toBe(true);
    expect(globMatches('M.room.*', 'm.room.member')).toBe(false);
  });
});

/** The definition, word for word; exponential, so only for short texts. */
function matchesByDefinition(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern.startsWith('*')) {
    return (
      matchesByDefinition(rest, text) ||
      (text !== '' && matchesByDefinition(pattern, text.slice(1)))
    );
  }
  if (text === '') return false;
  return (pattern[0] === '?' || pattern[0] === text[0]) && matchesByDefinition(rest, text.slice(1));
}

/** Counts how often characters of the text are read. */
function counted(text: Characters): { text: Characters; reads: () => number } {
  const work: Work = { steps: 0 };
  return { text: countedCharacters(text, work), reads: () => work.steps };
}

describe('properties', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });

  it('says what the definition says', () => {
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        expect(matches(glob, name)).toBe(matchesByDefinition(glob, name));
      }),
      fuzzParameters(),
    );
  });

  it('finds a part exactly where some part matches as a whole', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 8 });
    const isBoundary = (of: Characters, at: number): boolean =>
      at === 0 || at === of.length || of[at - 1] === 0x20 || of[at] === 0x20;
    fc.assert(
      fc.property(pattern, words, (glob, body) => {
        const characters = foldAscii(body);
        const places = Array.from({ length: body.length + 1 }, (_, at) => at);
        const expected = places.some((from) =>
          places.some(
            (to) =>
              from <= to &&
              isBoundary(characters, from) &&
              isBoundary(characters, to) &&
              matchesByDefinition(glob, body.slice(from, to)),
          ),
        );
        expect(Glob.compile(foldAscii(glob)).matchesWithin(characters, isBoundary)).toBe(expected);
      }),
      fuzzParameters(),
    );
  });

  it('[GLOB-1] [GLOB-5] of any pattern one is made, and asked of any text it answers', () => {
    const patterns = mutatedText(['*.example.org', 'h?llo*', ''], ['*', '?', '**', '[', '\\']);
    const texts = mutatedText(['matrix.example.org', 'hello world'], ['.', ' ', 'a', '\u{1f600}']);
    fc.assert(
      fc.property(patterns, texts, (glob, name) => {
        const watched = counted(foldUnicode(name));
        const compiled = Glob.compile(foldUnicode(glob));
        expect([true, false]).toContain(compiled.matches(watched.text));
        expect([true, false]).toContain(compiled.matchesWithin(watched.text, () => true));
        expect(watched.reads()).toBeLessThanOrEqual(2 * glob.length * name.length);
        expect(Glob.literal(foldUnicode(name)).matches(foldUnicode(name))).toBe(true);
      }),
      fuzzParameters(),
    );
  });

  it('[GLOB-5] reads at most pattern length × text length characters', () => {
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        const watched = counted(foldAscii(name));
        Glob.compile(foldAscii(glob)).matches(watched.text);
        expect(watched.reads()).toBeLessThanOrEqual(glob.length * name.length);
      }),
      fuzzParameters(),
    );
  });

  it.each([
    `${'*a'.repeat(100)}*b`,
    `${'a*'.repeat(100)}b`,
    `*${'a'.repeat(100)}b*`,
    `${'*?'.repeat(100)}b`,
  ])('[GLOB-5] a hostile pattern gets no more than that: %s', (hostile) => {
    const name = 'a'.repeat(230);
    const whole = counted(foldAscii(name));
    const within = counted(foldAscii(name));
    expect(Glob.compile(foldAscii(hostile)).matches(whole.text)).toBe(false);
    expect(Glob.compile(foldAscii(hostile)).matchesWithin(within.text, () => true)).toBe(false);
    expect(whole.reads()).toBeLessThanOrEqual(hostile.length * name.length);
    expect(within.reads()).toBeLessThanOrEqual(hostile.length * name.length);
  });
});
