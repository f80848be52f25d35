import { isIP } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';

const KEEP_ALIVE_PROBE_MS = 60_000;

export interface TlsPeer {
  /** IP address; that it may be connected to has been checked. */
  readonly address: string;
  readonly port: number;
  /** Host name or IP address that the certificate must be for; a host name is sent as SNI. */
  readonly tlsName: string;
  readonly trust: SecureContext;
}

/** A TLS connection to this very address; rejects with what the system says, or with the signal's reason. */
export async function openTls(
  { address, port, tlsName, trust }: TlsPeer,
  signal: AbortSignal,
): Promise<TLSSocket> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({
    host: address,
    port,
    // SNI knows no addresses.
    ...(isIP(tlsName) === 0 ? { servername: tlsName } : {}),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(tlsName, certificate),
    secureContext: trust,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
  const giveUp = (): void => {
    socket.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  socket.once('secureConnect', () => {
    resolve(socket);
  });
  // Stays: what happens to the connection later is its user's to see, and no reason to end the process.
  socket.on('error', reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
