import { invalidRoomState, MatrixError } from '../matrix-error.ts';

/** The room's own rules refuse its first events. */
export function rethrowInvalidState(error: unknown): never {
  if (!(error instanceof MatrixError) || error.errcode !== 'M_FORBIDDEN') throw error;
  throw invalidRoomState(error.message, error);
}
