import { createHash } from 'node:crypto';
import type { ServerName } from '@hansa/protocol';
import { DOWNLOAD, UPLOAD } from '../clients/simulated-client.ts';
import type { Exchange, NetworkWatch } from '../network/simulated-network.ts';
import type { FaceAnswer } from '../servers/faces.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { Invariant } from './simulated.ts';

/** Notes what was uploaded where, and holds what people are given to it: all of a file, or an error. */
export class FileLedger implements NetworkWatch {
  /** What is wrong, in words. */
  readonly faults: string[] = [];
  /** SHA-256 of files by their addresses, without `mxc://`. */
  readonly #uploaded = new Map<string, string>();

  answered({ to, face, request }: Exchange, { status, body }: FaceAnswer): void {
    if (face !== 'client' || status !== 200) return;
    if (request.path === UPLOAD) {
      const { content_uri: address } = JSON.parse(Buffer.from(body).toString()) as {
        readonly content_uri: string;
      };
      this.#uploaded.set(address.slice('mxc://'.length), hashOf(request.body ?? ''));
    }
    if (!request.path.startsWith(`${DOWNLOAD}/`)) return;
    const file = request.path.slice(DOWNLOAD.length + 1);
    if (this.#uploaded.get(file) === hashOf(body)) return;
    this.faults.push(`${to} gave out ${file} as something else, ${body.byteLength} bytes long`);
  }

  heard(): void {}
}

/** Watches every commit: what a row refers to is on the disk, whole, whatever happens to the machine. */
export function watchFiles(server: SimulatedServer, faults: string[]): void {
  server.disk.watches.push({ committed: () => void faults.push(...lostFiles(server)) });
}

/** The same in the end, with what is in the files. */
export const filesAreWhole: Invariant = ({ servers }) =>
  servers.flatMap((server) => [
    ...lostFiles(server),
    ...rowsOf(server)
      .filter(({ hash }) => hashOf(server.mediaDisk.durable(`/${hash}`) ?? '') !== hash)
      .map(({ name }) => `${server.name} has other bytes for ${name} than it took`),
  ]);

function lostFiles(server: SimulatedServer): readonly string[] {
  return rowsOf(server)
    .filter(({ hash, sizeBytes }) => sizeBytes !== sizeOf(server, hash))
    .map(({ name, hash, sizeBytes }) => {
      const found = sizeOf(server, hash);
      return `${server.name} refers to ${name} of ${sizeBytes} bytes, and has ${found} for good`;
    });
}

function sizeOf({ mediaDisk }: SimulatedServer, hash: string): number | undefined {
  return mediaDisk.durable(`/${hash}`)?.byteLength;
}

interface FileRow {
  readonly name: string;
  readonly hash: string;
  readonly sizeBytes: number;
}

function rowsOf({ disk }: SimulatedServer): readonly FileRow[] {
  const rows = disk.all('SELECT server, media_id, hash, size_bytes FROM media');
  return rows.map((row) => ({
    name: `${row['server'] as ServerName}/${row['media_id']}`,
    hash: String(row['hash']),
    sizeBytes: Number(row['size_bytes']),
  }));
}

function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
