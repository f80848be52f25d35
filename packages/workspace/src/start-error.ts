/** Why a workspace cannot run here, for whoever starts it: a message to read, without a stack trace. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
