import type { Socket } from 'node:net';
import { corsHeaders } from './cors.ts';

const BAD_REQUEST = '400 Bad Request';

/** By what Node's parser calls it; everything else is a bad request. */
const STATUS_BY_CODE: ReadonlyMap<string | undefined, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);

/** Answers what was no request that could be read, and hangs up: nobody can tell where the next one would begin. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    socket.write(responseOf(STATUS_BY_CODE.get(error.code) ?? BAD_REQUEST));
  }
  socket.destroy();
}

function responseOf(status: string): string {
  const body = JSON.stringify({
    errcode: 'M_UNKNOWN',
    error: `The request is not valid HTTP (${status}).`,
  });
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
