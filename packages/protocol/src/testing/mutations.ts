import { Buffer } from 'node:buffer';
import fc from 'fast-check';

/** One change of a text: at a place (as a share of its length), so many characters out, a piece in. */
interface Edit {
  readonly place: number;
  readonly remove: number;
  readonly insert: string;
}

/**
 * Inputs for fuzz tests: anything at all, and samples with a few edits, since what is nearly right gets furthest into
 * a parser. `pieces` are what means something to it.
 */
export function mutatedText(
  samples: readonly string[],
  pieces: readonly string[],
): fc.Arbitrary<string> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 6 }),
    insert: fc.oneof(fc.constantFrom('', ...pieces), fc.string({ unit: 'binary', maxLength: 4 })),
  });
  const mutated = fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([sample, edits]) => edits.reduce(applyEdit, sample));
  return fc.oneof(
    { arbitrary: mutated, weight: 8 },
    { arbitrary: fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')), weight: 1 },
    { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
  );
}

/** The same as bytes, which may be broken within a character. */
export function mutatedBytes(
  samples: readonly string[],
  pieces: readonly string[],
): fc.Arbitrary<Uint8Array> {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 });
  return fc.tuple(mutatedText(samples, pieces), flips).map(([text, changes]) => {
    const bytes = Buffer.from(text, 'utf8');
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes;
  });
}

function applyEdit(text: string, edit: Edit): string {
  const at = Math.floor(edit.place * text.length);
  return text.slice(0, at) + edit.insert + text.slice(at + edit.remove);
}
