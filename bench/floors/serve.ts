import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Reply = (json: string, status?: number) => void;

/** Gets the request with its whole body. */
export type Handle = (request: IncomingMessage, body: string, reply: Reply) => void;

/** A listener for `node:http` or `node:https` with nothing in it that can be left out. */
export function listenerOf(
  handle: Handle,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      handle(request, Buffer.concat(chunks).toString(), (json, status = 200) => {
        const headers = {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(json),
        };
        response.writeHead(status, headers).end(json);
      });
    });
  };
}

/** Serves clients on loopback, and tells who started it that it does. */
export function serveClients(port: number, handle: Handle): void {
  createServer(listenerOf(handle)).listen(port, '127.0.0.1', () => console.log('ready'));
}
