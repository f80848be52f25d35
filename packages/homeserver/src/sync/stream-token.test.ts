import { describe, expect, it } from 'vitest';
import { formatStreamToken, parseStreamToken } from './stream-token.ts';

describe('stream tokens', () => {
  it.each([0, 1, 42, -7, Number.MAX_SAFE_INTEGER])(
    'carry position %d there and back',
    (position) => {
      const token = { incarnation: 'k3x9', position };
      expect(parseStreamToken(formatStreamToken(token))).toEqual(token);
    },
  );

  it('carry what the client knows of who types', () => {
    const token = { incarnation: 'k3x9', position: 5, typing: 7 };
    expect(parseStreamToken(formatStreamToken(token))).toEqual(token);
  });

  it.each([
    '',
    's123',
    'h1_k3x9',
    'h1_k3x9_',
    'h1_k3x9_1.5',
    'h1_k3x9_1e3',
    'h1_k3x9_-0',
    'h1_k3x9_01',
    'h1_k3x9_1_',
    'h1_k3x9_1_01',
    'h1_k3x9_1_2_3',
    'h2_k3x9_1',
    `h1_k_${'9'.repeat(80)}`,
    'h1_k3x9_9007199254740993',
  ])('refuse %j', (text) => {
    expect(parseStreamToken(text)).toBeUndefined();
  });
});
