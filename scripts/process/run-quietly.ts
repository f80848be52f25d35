import { root } from './root.ts';
import { runCaptured } from './run-captured.ts';

/** Runs this Node on a file and keeps what it says, unless it fails other than by the signal: then all of it is printed. Answers its exit code. */
export async function runQuietly(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<number> {
  const options = { cwd: root, env, ...(signal === undefined ? {} : { signal }) };
  const { code, stdout, stderr } = await runCaptured(process.execPath, args, options);
  if (code !== 0 && signal?.aborted !== true) console.log(stdout + stderr);
  return code;
}
