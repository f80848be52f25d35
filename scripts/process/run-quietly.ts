import { root } from './root.ts';
import { runCaptured } from './run-captured.ts';

/** Runs this Node on a file and keeps what it says, unless it fails: then all of it is printed. Answers its exit code. */
export async function runQuietly(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { code, stdout, stderr } = await runCaptured(process.execPath, args, { cwd: root, env });
  if (code !== 0) console.log(stdout + stderr);
  return code;
}
