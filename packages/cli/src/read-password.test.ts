import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { readPassword } from './read-password.ts';

/** Answers each question when it is asked, as a person does. */
function terminalOf(answers: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  const left = [...answers];
  const shown: string[] = [];
  output.setEncoding('utf8').on('data', (question: string) => {
    shown.push(question);
    if (question.endsWith(': ')) input.write(left.shift() ?? '\u0003');
  });
  return { input, output, shown };
}

it('asks twice on a terminal, and shows nothing of it', async () => {
  const terminal = terminalOf(['secret words\r', 'secret words\r']);
  expect(await readPassword(terminal)).toBe('secret words');
  expect(terminal.shown.join('')).toBe('Password: \nAgain: \n');
});

it('refuses two that differ', async () => {
  await expect(readPassword(terminalOf(['secret words\r', 'secret word\r']))).rejects.toThrow(
    'The two passwords differ.',
  );
});

it('ends by Ctrl+C', async () => {
  await expect(readPassword(terminalOf([]))).rejects.toThrow('No password was given.');
});

it('takes the first line of what is piped in', async () => {
  const output = new PassThrough();
  const input = new PassThrough();
  input.end('secret words\nmore\n');
  expect(await readPassword({ input, output })).toBe('secret words');
  output.end();
  expect(await text(output)).toBe('');
});
