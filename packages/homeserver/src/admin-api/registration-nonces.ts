import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '@hansa/net';
import { limitExceeded, MatrixError } from '../matrix-error.ts';

/** As long as Synapse's are good for. */
const GOOD_FOR_MS = 60_000;
/** Of those that are still good; who knows the secret is not hindered by strangers who ask for nonces. */
const MAX_USED = 1_000;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/**
 * Nonces, each good for one registration. We sign those that we hand out and remember only those that were used, so that
 * nobody who asks for many costs us anything.
 */
export class RegistrationNonces {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #key: Uint8Array;
  /** With the time from which each is no good any more, in the order of their use. */
  readonly #used = new Map<string, number>();

  constructor({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = clock;
    this.#random = random;
    this.#key = random.bytes(KEY_BYTES);
  }

  create(): string {
    const salt = Buffer.from(this.#random.bytes(SALT_BYTES)).toString('hex');
    const claim = `${(this.#clock.monotonic() + GOOD_FOR_MS).toString()}-${salt}`;
    return `${claim}-${this.#sign(claim)}`;
  }

  /** @throws MatrixError 400 `M_UNKNOWN` for one that is not ours or too old */
  check(nonce: string): void {
    if (this.#expiryOf(nonce) <= this.#clock.monotonic() || this.#used.has(nonce)) {
      throw new MatrixError(
        400,
        'M_UNKNOWN',
        'This nonce is not known, or no longer. Get a new one.',
      );
    }
  }

  /** It is no good any more. @throws MatrixError as `check`; `M_LIMIT_EXCEEDED` */
  use(nonce: string): void {
    this.check(nonce);
    for (const [used, expiry] of this.#used) {
      if (expiry <= this.#clock.monotonic()) this.#used.delete(used);
    }
    if (this.#used.size >= MAX_USED) throw limitExceeded(GOOD_FOR_MS);
    this.#used.set(nonce, this.#expiryOf(nonce));
  }

  /** By our monotonic clock; 0 of what we did not sign. */
  #expiryOf(nonce: string): number {
    const end = nonce.lastIndexOf('-');
    const claim = nonce.slice(0, end);
    const given = Buffer.from(nonce.slice(end + 1));
    const ours = Buffer.from(this.#sign(claim));
    if (given.byteLength !== ours.byteLength || !timingSafeEqual(given, ours)) return 0;
    return Number(claim.split('-', 1)[0]);
  }

  #sign(claim: string): string {
    return createHmac('sha256', this.#key).update(claim).digest('hex');
  }
}
