/** One system call as strace wrote it down. */
export interface SystemCall {
  readonly name: string;
  /** What stands between the parentheses. */
  readonly args: string;
  /** The file or the connection of its first argument, as `--decode-fds` tells it. */
  readonly on: string;
  readonly result: number;
  /** Lines at which it began and ended: what ended at a lower one was over before. */
  readonly begin: number;
  readonly end: number;
}

const LINE = /^(\d+) +(?:[\d.]+ )?(.*)$/;
const RESUMED = /^<\.\.\. \w+ resumed>(.*)$/;
const UNFINISHED = ' <unfinished ...>';
const CALL = /^(\w+)\((\d+<((?:[^[>]|\[[^\]]*\])*)>.*)\) += (-?\d+)/;

/** Reads what `strace --follow-forks` wrote. A call during which another thread was heard stands on two lines. */
export function readTrace(text: string): readonly SystemCall[] {
  const begun = new Map<string, { readonly text: string; readonly begin: number }>();
  const calls: SystemCall[] = [];
  for (const [number, line] of text.split('\n').entries()) {
    const [, thread = '', what = ''] = LINE.exec(line) ?? [];
    if (what.endsWith(UNFINISHED)) {
      begun.set(thread, { text: what.slice(0, -UNFINISHED.length), begin: number });
      continue;
    }
    const [, rest] = RESUMED.exec(what) ?? [];
    const first = rest === undefined ? undefined : begun.get(thread);
    const begin = first?.begin ?? number;
    const [, name, args, on, result] = CALL.exec((first?.text ?? '') + (rest ?? what)) ?? [];
    if (name === undefined || args === undefined || on === undefined) continue;
    calls.push({ name, args, on, result: Number(result), begin, end: number });
  }
  return calls;
}
