/** A row that had to be new exists already. Fails its part alone. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}
