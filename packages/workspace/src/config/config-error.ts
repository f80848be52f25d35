import { StartError } from '../start-error.ts';

/**
 * A mistake in the configuration: it stops the start, and says what would be right and where it stands, which is
 * `file:line:column` or the name of a variable of the environment.
 */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';

  constructor(place: string, what: string, cause?: unknown) {
    super(`${place}: ${what}`, cause === undefined ? undefined : { cause });
  }
}
