import type { Clock } from '@hansa/net';
import { publishServerKeys } from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
import type { OwnIdentity } from '../../own-identity.ts';

const HOUR_MS = 3_600_000;
const VALID_MS = 24 * HOUR_MS;
/** Nobody can make us sign more often. */
const RENEW_AFTER_MS = HOUR_MS;

/** What we say of our own keys, valid for 23 hours at least. Source: server-server API, "Publishing Keys". */
export class OwnKeyDocument {
  readonly #own: OwnIdentity;
  readonly #clock: Clock;
  #document: JsonObject | undefined;
  #signedAt = Number.NEGATIVE_INFINITY;

  constructor({ own, clock }: { readonly own: OwnIdentity; readonly clock: Clock }) {
    this.#own = own;
    this.#clock = clock;
  }

  get(): JsonObject {
    const now = this.#clock.now();
    if (this.#document === undefined || now - this.#signedAt >= RENEW_AFTER_MS) {
      this.#document = sign(this.#own, now + VALID_MS);
      this.#signedAt = now;
    }
    return this.#document;
  }
}

function sign(
  { serverName, signingKey, retiredKeys }: OwnIdentity,
  validUntilTs: number,
): JsonObject {
  return publishServerKeys({ serverName, keys: [signingKey], retired: retiredKeys, validUntilTs });
}
