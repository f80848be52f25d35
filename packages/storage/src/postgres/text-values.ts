/**
 * PostgreSQL holds every text but one with U+0000, which other servers may send. It is written as two
 * characters, and so is the one that these begin with; the order of texts stays as it was.
 */
const ESCAPED = new Map([
  ['\0', '\u0001\u0001'],
  ['\u0001', '\u0001\u0002'],
]);
const TO_ESCAPE = /[\0\u0001]/;
const ESCAPE = '\u0001';

export function toStoredText(text: string): string {
  if (!TO_ESCAPE.test(text)) return text;
  return text.replaceAll(/[\0\u0001]/g, (character) => ESCAPED.get(character) ?? character);
}

export function fromStoredText(stored: string): string {
  if (!stored.includes(ESCAPE)) return stored;
  return stored.replaceAll(/\u0001([\u0001\u0002])/g, (_, which) =>
    which === ESCAPE ? '\0' : ESCAPE,
  );
}
