import type { Thumbnailer } from '../../thumbnailer.ts';
import type { PictureProcess } from '../picture-process.ts';
import { servePictures } from '../serve-pictures.ts';

/** What a process that reads pictures does, inside of this one: the program without its walls. */
export class VirtualPictureProcess implements PictureProcess {
  readonly output: AsyncIterable<Uint8Array>;
  /** What it is told to have in memory. */
  memoryBytes = 0;
  #hasEnded = false;
  readonly #input = new TransformStream<Uint8Array>();
  readonly #writer = this.#input.writable.getWriter();
  readonly #said = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();

  constructor(
    thumbnailer: Thumbnailer,
    { isBroken = false }: { readonly isBroken?: boolean } = {},
  ) {
    this.output = new ReadableStream<Uint8Array>({ start: (said) => this.#said.resolve(said) });
    void this.#run(thumbnailer, isBroken);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  write(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.#writer.write(piece).catch(() => {});
  }

  async residentBytes(): Promise<number | undefined> {
    return this.#hasEnded ? undefined : this.memoryBytes;
  }

  kill(): void {
    void this.#said.promise.then((said) => this.#end(said));
  }

  describeEnd(): string {
    return 'SIGKILL';
  }

  async #run(thumbnailer: Thumbnailer, isBroken: boolean): Promise<void> {
    const said = await this.#said.promise;
    const write = (pieces: readonly Uint8Array[]): void => {
      if (this.#hasEnded) return;
      for (const piece of pieces) said.enqueue(piece);
    };
    try {
      if (!isBroken) await servePictures({ input: this.#input.readable, write }, thumbnailer);
    } catch {
      // As what nobody catches ends a process.
    }
    this.#end(said);
  }

  #end(said: ReadableStreamDefaultController<Uint8Array>): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    said.close();
  }
}
