import { chmod, rm } from 'node:fs/promises';

interface ListeningAtPath {
  listen(address: { readonly path: string }): Promise<string>;
}

/** Of the operating system, with the zero at the end of a path; that of macOS, the smallest. */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * Listens on a socket that nobody but this user reaches; a killed process may have left one, which nobody else uses as
 * we hold the data.
 * @throws Error where it cannot, such as for a path that is too long for a socket
 */
export async function listenLocally(app: ListeningAtPath, socketFile: string): Promise<void> {
  if (Buffer.byteLength(socketFile) > MAX_SOCKET_PATH_BYTES) {
    throw new Error(`a socket's path has at most ${MAX_SOCKET_PATH_BYTES} bytes`);
  }
  await rm(socketFile, { force: true });
  await app.listen({ path: socketFile });
  await chmod(socketFile, 0o600);
}
