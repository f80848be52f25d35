/**
 * Nothing can be stored now; where it `isFinal`, nothing ever again by this process. What was handed in may be on the disk
 * or not. The message says what happened and what to do.
 */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
  readonly isFinal: boolean;

  constructor(
    message: string,
    { isFinal = false, cause }: { readonly isFinal?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.isFinal = isFinal;
  }
}
