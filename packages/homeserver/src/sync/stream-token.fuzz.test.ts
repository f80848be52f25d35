import fc from 'fast-check';
import { it } from 'vitest';
import { mutatedText } from '@hansa/protocol/testing/mutations';
import { fuzzRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import { formatStreamToken, parseStreamToken } from './stream-token.ts';

it('any text is a token that is written as it was read, or is none', () => {
  const samples = ['h1_a1b2c3_42', 'h1_a1b2c3_-7', 'h1__9007199254740991', 'h1_a_4_17'];
  fc.assert(
    fc.property(mutatedText(samples, ['_', '-', '0', 'h1_', '9007199254740992', '\n']), (text) => {
      const token = parseStreamToken(text);
      return token === undefined || (text.length <= 64 && formatStreamToken(token) === text);
    }),
    propertyParameters(fuzzRuns),
  );
});
