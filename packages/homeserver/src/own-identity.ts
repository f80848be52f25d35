import type { RetiredKey, ServerName, SigningKey } from '@hansa/protocol';

/** Who we are to other servers. */
export interface OwnIdentity {
  readonly serverName: ServerName;
  /** Signs requests and events. */
  readonly signingKey: SigningKey;
  /** Keys that signed events of ours once. */
  readonly retiredKeys: readonly RetiredKey[];
}
