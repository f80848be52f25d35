import { StartError } from '../start-error.ts';

/** A mistake in the configuration: it stops the start, and says where it stands and what would be right. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';

  constructor(
    place: { readonly file: string; readonly line: number; readonly column: number },
    what: string,
    cause?: unknown,
  ) {
    super(
      `${place.file}:${place.line}:${place.column}: ${what}`,
      cause === undefined ? undefined : { cause },
    );
  }
}
