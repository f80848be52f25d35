/** DNS has no records for us: it knows that there are none, failed to find out, or does not answer at all. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
  readonly kind: 'nothing' | 'failed' | 'silent';

  constructor(kind: DnsError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

const NOTHING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);
const SILENT: ReadonlySet<string> = new Set(['ETIMEOUT', 'ECANCELLED']);

/** By the codes of Node's `dns`. */
export function asDnsError(error: unknown): DnsError {
  if (error instanceof DnsError) return error;
  const { code = 'of an unknown kind' } = error as NodeJS.ErrnoException;
  if (NOTHING.has(code)) return new DnsError('nothing', 'no records', error);
  if (SILENT.has(code)) return new DnsError('silent', 'DNS does not answer', error);
  return new DnsError('failed', `DNS failed, ${code}`, error);
}
