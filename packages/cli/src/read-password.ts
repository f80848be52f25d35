import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { StartError } from '@hansa/workspace';

interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/**
 * Asks twice on a terminal, without showing what is typed; else takes the first line of what is piped in. Never an
 * argument, which everybody on the machine can see.
 * @throws StartError where the two differ
 */
export async function readPassword({ input, output }: Terminal): Promise<string> {
  if (input.isTTY !== true) return firstLine(input);
  const first = await ask({ input, output }, 'Password: ');
  const second = await ask({ input, output }, 'Again: ');
  if (first !== second) throw new StartError('The two passwords differ.');
  return first;
}

async function ask({ input, output }: Terminal, question: string): Promise<string> {
  output.write(question);
  // What it would show is dropped.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  try {
    const closed = new AbortController();
    lines.once('close', () => closed.abort());
    return await lines.question('', { signal: closed.signal });
  } catch (error) {
    throw new StartError('No password was given.', { cause: error });
  } finally {
    lines.close();
    output.write('\n');
  }
}

async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  return '';
}
