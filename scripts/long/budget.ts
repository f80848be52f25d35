/** What a part of the long run may use. */
export interface Budget {
  readonly minutes: number;
  readonly seed: number;
  readonly env: Readonly<Record<string, string>>;
}
