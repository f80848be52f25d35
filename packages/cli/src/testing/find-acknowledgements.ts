import type { SystemCall } from './read-trace.ts';

/** Requests whose 200 says that an event is stored. */
const KINDS: readonly (readonly [kind: string, request: RegExp])[] = [
  ['send', /^PUT \/_matrix\/client\/v3\/rooms\/[^/]+\/send\//],
  ['state', /^PUT \/_matrix\/client\/v3\/rooms\/[^/]+\/state\//],
  ['redact', /^PUT \/_matrix\/client\/v3\/rooms\/[^/]+\/redact\//],
  ['join', /^POST \/_matrix\/client\/v3\/(?:join\/|rooms\/[^/]+\/join)/],
  ['membership', /^POST \/_matrix\/client\/v3\/rooms\/[^/]+\/(?:invite|leave|kick|ban|unban)/],
  ['createRoom', /^POST \/_matrix\/client\/v3\/createRoom/],
  ['transaction', /^PUT \/_matrix\/federation\/v1\/send\//],
  ['send_join', /^PUT \/_matrix\/federation\/v2\/send_join\//],
];
const WRITES: ReadonlySet<string> = new Set(['write', 'writev', 'sendto', 'sendmsg']);
const FLUSHES: ReadonlySet<string> = new Set(['fsync', 'fdatasync']);
const EVENT_ID = /\$[\w-]{43}/g;

/** An answer that says that events are stored. */
export interface Acknowledgement {
  readonly kind: string;
  /** What was wrong with its order, if anything. */
  readonly fault: string | undefined;
}

/**
 * Every acknowledging answer of a trace, and whether the log of the database had been written since its request came, with the
 * events that the answer names, and been flushed since it was last written.
 */
export function findAcknowledgements(calls: readonly SystemCall[]): readonly Acknowledgement[] {
  const wal = calls.filter(({ on }) => on.endsWith('.db-wal'));
  const writes = wal.filter(({ name }) => name === 'pwrite64');
  const flushes = wal.filter(({ name, result }) => FLUSHES.has(name) && result === 0);
  const requests = new Map<string, { readonly kind: string; readonly at: number }>();
  const found: Acknowledgement[] = [];
  for (const call of calls.toSorted((a, b) => a.begin - b.begin)) {
    if (!call.on.startsWith('TCP')) continue;
    if (call.name === 'read') {
      const text = /"(.*)/.exec(call.args)?.[1] ?? '';
      const [kind] = KINDS.find(([, request]) => request.test(text)) ?? [];
      if (kind !== undefined) requests.set(call.on, { kind, at: call.begin });
    } else if (WRITES.has(call.name) && call.args.includes('"HTTP/1.1 ')) {
      const request = requests.get(call.on);
      requests.delete(call.on);
      if (request === undefined || !call.args.includes('"HTTP/1.1 200')) continue;
      const { kind, at } = request;
      found.push({ kind, fault: faultOf(call, { at, writes, flushes }) });
    }
  }
  return found;
}

interface Log {
  readonly at: number;
  readonly writes: readonly SystemCall[];
  readonly flushes: readonly SystemCall[];
}

function faultOf(answer: SystemCall, { at, writes, flushes }: Log): string | undefined {
  const before = writes.filter(({ begin }) => begin < answer.begin);
  const since = before.filter(({ begin }) => begin > at);
  const last = since.at(-1);
  if (last === undefined) return 'nothing was written';
  for (const eventId of answer.args.match(EVENT_ID) ?? []) {
    if (!since.some(({ args }) => args.includes(eventId))) return 'the event was not written';
  }
  const isFlushed = flushes.some(({ begin, end }) => begin > last.end && end < answer.begin);
  return isFlushed ? undefined : 'what was written was not flushed';
}
