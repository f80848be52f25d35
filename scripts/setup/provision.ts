/** Says one line to whoever waits. */
export type Say = (line: string) => void;

export type Provided =
  | { readonly ok: true; readonly value: string }
  | {
      readonly ok: false;
      /** What to install by hand. */
      readonly lacks: string;
      readonly reason: string;
    };

/** Something that tests need and npm does not bring. */
export interface Provision {
  readonly name: string;
  /** Tests find it by this environment variable. Where it is set already, it is taken as it is. */
  readonly variable: string;
  /** Installs it where it is not there yet. Says a line before anything that takes longer than a moment. */
  provide(say: Say): Promise<Provided>;
}
