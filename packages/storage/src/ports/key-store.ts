import type { JsonObject, KeyId, ServerName } from '@hansa/protocol';

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

/** A server that did not tell its keys when it was asked last. */
export interface KeyFailure {
  readonly server: ServerName;
  /** In a row. */
  readonly count: number;
  /** When to ask it again; milliseconds since the epoch. */
  readonly retryAt: number;
}

/** What a server said of its keys last, as it was signed: for others who ask us, and who may not reach it. */
export interface KeyDocument {
  readonly server: ServerName;
  readonly document: JsonObject;
  /** Milliseconds since the epoch. */
  readonly validUntilTs: number;
  readonly fetchedAt: number;
}

/** What a server said of its keys, as another one told us when it did not answer itself. */
export interface NotarisedKeys {
  readonly server: ServerName;
  /** Who told us, and signed it too. */
  readonly notary: ServerName;
  readonly document: JsonObject;
  readonly fetchedAt: number;
}

export interface KeyReader {
  listKeys(server: ServerName): Promise<readonly RemoteKey[]>;
  findKeyDocument(server: ServerName): Promise<KeyDocument | undefined>;
  findNotarisedKeys(server: ServerName): Promise<NotarisedKeys | undefined>;
  findKeyFailure(server: ServerName): Promise<KeyFailure | undefined>;
}

export interface KeyWriter {
  putKeys(keys: readonly RemoteKey[]): void;
  /** Keeps the 10,000 that were fetched last. */
  putKeyDocument(document: KeyDocument): void;
  /** Keeps the 10,000 that were fetched last. */
  putNotarisedKeys(keys: NotarisedKeys): void;
  /** When the server has told its keys itself. */
  deleteNotarisedKeys(server: ServerName): void;
  /** Keeps the 10,000 that are to be left alone longest: anybody can name servers that are not there. */
  putKeyFailure(failure: KeyFailure): void;
  deleteKeyFailure(server: ServerName): void;
}
