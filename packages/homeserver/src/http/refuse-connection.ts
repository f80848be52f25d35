import type { Socket } from 'node:net';
import { corsHeaders } from './cors.ts';

/** Status line and what a person is told. */
type Refusal = readonly [status: string, message: string];

const BAD_REQUEST: Refusal = ['400 Bad Request', 'The request is not valid HTTP.'];

/** By what Node's parser calls it; everything else is a bad request. */
const REFUSAL_BY_CODE: ReadonlyMap<string | undefined, Refusal> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'The request took too long to arrive.']],
]);

/** Answers what was no request that could be read, and hangs up: nobody can tell where the next one would begin. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    socket.write(responseOf(REFUSAL_BY_CODE.get(error.code) ?? BAD_REQUEST));
  }
  socket.destroy();
}

function responseOf([status, message]: Refusal): string {
  const body = JSON.stringify({ errcode: 'M_UNKNOWN', error: message });
  const headers = {
    // The path is unknown, and may be one that browsers call.
    ...corsHeaders(''),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status}`, ...lines, '', body].join('\r\n');
}
