/** Why a workspace cannot run here, or not any longer, for whoever starts it: a message to read, without a stack trace. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
