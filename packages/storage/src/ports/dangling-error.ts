/** What a row refers to is not stored. Fails its part alone. */
export class DanglingError extends Error {
  override readonly name = 'DanglingError';
}
