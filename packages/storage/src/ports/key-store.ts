import type { KeyId, ServerName } from '@hansa/protocol';

/** A verification key of another server, as it was last seen. */
export interface RemoteKey {
  readonly server: ServerName;
  readonly keyId: KeyId;
  /** Unpadded Base64. */
  readonly publicKey: string;
  /** Milliseconds since the epoch; of the document that named it last. */
  readonly validUntilTs: number;
  /** Set for an old key: events after it are not covered, requests never. */
  readonly expiredTs: number | undefined;
  readonly fetchedAt: number;
}

export interface KeyReader {
  listKeys(server: ServerName): Promise<readonly RemoteKey[]>;
}

export interface KeyWriter {
  putKeys(keys: readonly RemoteKey[]): void;
}
