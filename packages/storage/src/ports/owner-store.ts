import type { KeyId, ServerName } from '@hansa/protocol';

/** The server that a database belongs to, and what it signs with. */
export interface Owner {
  readonly serverName: ServerName;
  readonly keyId: KeyId;
  /** Unpadded Base64. */
  readonly publicKey: string;
}

export interface OwnerReader {
  /** `undefined` before the first start has said whose it is. */
  find(): Promise<Owner | undefined>;
}

export interface OwnerWriter {
  put(owner: Owner): void;
}
