/** What came is not in the form of a multipart body. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

/** Reads a stream piece by piece, up to what parts them. Holds no more than a chunk and a delimiter, or what it was asked for. */
export class DelimitedReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** All before the delimiter, as it comes; the delimiter is read too. Fails where the stream ends before it. */
  async *until(delimiter: Uint8Array): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      if (at !== -1) {
        const before = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + delimiter.byteLength);
        if (before.byteLength > 0) yield before;
        return;
      }
      // What may be the beginning of a delimiter stays.
      const sure = Math.max(0, this.#held.byteLength - delimiter.byteLength + 1);
      const before = this.#held.subarray(0, sure);
      this.#held = this.#held.subarray(sure);
      if (before.byteLength > 0) yield before;
      await this.#more();
    }
  }

  /** The same at once; fails where it is longer than `maxBytes`. */
  async take(delimiter: Uint8Array, maxBytes: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of this.until(delimiter)) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes)
        throw new MultipartError(`a part of it has more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** So many bytes, which stay to be read. */
  async peek(count: number): Promise<Buffer> {
    while (this.#held.byteLength < count) await this.#more();
    return this.#held.subarray(0, count);
  }

  /** To the end of the stream. */
  async skipRest(): Promise<void> {
    this.#held = Buffer.alloc(0);
    while ((await this.#source.next()).done !== true);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw new MultipartError('it ends in the middle');
    this.#held = Buffer.concat([this.#held, next.value]);
  }
}
