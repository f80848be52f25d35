import type { FastifyReply } from 'fastify';

/** Answers that are not finished, so that those who wait in a handler learn when nobody waits for them any more. */
export class CallsUnderWay {
  readonly #calls = new Set<AbortController>();

  /** Aborts when the caller hangs up, or at `abortAll`. */
  signalOf(response: FastifyReply['raw']): AbortSignal {
    const call = new AbortController();
    this.#calls.add(call);
    response.once('close', () => {
      this.#calls.delete(call);
      if (!response.writableFinished) call.abort();
    });
    return call.signal;
  }

  abortAll(): void {
    for (const call of this.#calls) call.abort();
  }
}
