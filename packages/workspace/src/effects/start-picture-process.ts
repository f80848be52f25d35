import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PictureProcess, StartPictureProcess } from '@hansa/homeserver';
import { readResidentBytes } from './read-resident-bytes.ts';

const PROGRAM = fileURLToPath(new URL('picture-main.ts', import.meta.url));
/** It reads its own program, and neither writes files nor starts anything. The decoders are an addon. */
const OPTIONS = ['--no-warnings', '--permission', '--allow-addons', '--allow-fs-read=*'];
const MAX_COMPLAINT_CHARS = 1_000;

/** On the Node that runs this, with nothing of our environment, which may hold secrets. */
export const startPictureProcess: StartPictureProcess = () => {
  const child = spawn(process.execPath, [...OPTIONS, PROGRAM], { cwd: '/', env: {} });
  const { stdin, stdout, stderr } = child;
  let end = 'it is running';
  let complaint = '';
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  child.once('error', ({ message }) => {
    end = message;
    resolve();
  });
  child.once('close', (code, signal) => {
    end = signal === null ? `exit code ${code}` : signal;
    resolve();
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-MAX_COMPLAINT_CHARS);
  });
  // That it is gone is told by its output.
  stdin.on('error', () => {});
  return {
    output: untilEnded(stdout, ended),
    write: (pieces) => {
      for (const piece of pieces) stdin.write(piece);
    },
    residentBytes: async () =>
      child.pid === undefined || child.exitCode !== null || child.signalCode !== null
        ? undefined
        : await readResidentBytes(child.pid),
    kill: () => void child.kill('SIGKILL'),
    describeEnd: () => [end, complaint.trim()].filter((words) => words !== '').join(': '),
  } satisfies PictureProcess;
};

async function* untilEnded(
  output: AsyncIterable<Uint8Array>,
  ended: Promise<void>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* output;
  } catch {
    // It broke off: how is told by the end.
  }
  await ended;
}
