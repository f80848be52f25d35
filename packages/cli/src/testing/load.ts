import type { MatrixClient } from '@hansa/testkit';

/** A request with a transaction id, which may be sent again. */
interface Request {
  readonly who: MatrixClient;
  readonly path: string;
  readonly content: object;
  /** What the message says, which no other does; undefined for a redaction. */
  readonly body: string | undefined;
  eventId: string | undefined;
}

/** Who sends, each with so many requests under way at once. */
export interface Sender {
  readonly who: MatrixClient;
  readonly lanes: number;
}

const REDACT_EACH = 7;
const STATE_EACH = 5;

/** Clients that are busy in a room at once, and what was acknowledged to them. */
export class Load {
  readonly #room: string;
  readonly #name: string;
  readonly #requests: Request[] = [];
  /** Events of requests that have no transaction id. */
  readonly #others: string[] = [];
  /** What ended a sender, by their user ids. */
  readonly failures = new Map<string, unknown>();

  /** `name` is no other load's. */
  constructor(room: string, name: string) {
    this.#room = encodeURIComponent(room);
    this.#name = name;
  }

  /** Of every event that was acknowledged. */
  get acknowledged(): readonly string[] {
    return [...this.#requests.flatMap(({ eventId }) => eventId ?? []), ...this.#others];
  }

  /** What every message says, acknowledged or not. */
  get bodies(): readonly string[] {
    return this.#requests.flatMap(({ body }) => body ?? []);
  }

  /**
   * Everybody sends at once; `interrupt` is called when so many were acknowledged. A sender ends at the first error, or when
   * as many again were acknowledged.
   */
  async run(
    senders: readonly Sender[],
    { after, interrupt }: { readonly after: number; readonly interrupt: () => Promise<void> },
  ): Promise<void> {
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const lanes = senders.flatMap(({ who, lanes: count }) =>
      Array.from({ length: count }, async () => {
        try {
          while (this.acknowledged.length < 2 * after) {
            await this.#one(who);
            if (this.acknowledged.length >= after) resolve();
          }
        } catch (error) {
          this.failures.set(who.userId, error);
        }
      }),
    );
    await enough;
    await interrupt();
    await Promise.all(lanes);
  }

  /**
   * Every request again, by its transaction id: what was acknowledged answers as it did.
   * @throws Error where it does not
   */
  async sendAgain(): Promise<void> {
    for (const request of this.#requests) {
      const before = request.eventId;
      await send(request);
      if (before !== undefined && request.eventId !== before) {
        throw new Error(`${request.path} was ${before}, and is ${request.eventId ?? ''}`);
      }
    }
  }

  async #one(who: MatrixClient): Promise<void> {
    const number = this.#requests.length + this.#others.length;
    const path = `/_matrix/client/v3/rooms/${this.#room}`;
    if (number % STATE_EACH === STATE_EACH - 1) {
      const url = `${path}/state/org.example.count/${encodeURIComponent(who.userId)}`;
      const content = { load: this.#name, number };
      const answer = await who.http.request<{ event_id: string }>('PUT', url, content);
      this.#others.push(answer.event_id);
      return;
    }
    const transaction = `${this.#name}-${number}-${this.#requests.length}`;
    const target = number % REDACT_EACH === REDACT_EACH - 1 ? this.#ownMessageOf(who) : undefined;
    const body = target === undefined ? `${this.#name}: ${transaction}` : undefined;
    const request: Request =
      target === undefined
        ? {
            who,
            path: `${path}/send/m.room.message/${transaction}`,
            content: { msgtype: 'm.text', body },
            body,
            eventId: undefined,
          }
        : {
            who,
            path: `${path}/redact/${encodeURIComponent(target)}/${transaction}`,
            content: { reason: 'said too soon' },
            body,
            eventId: undefined,
          };
    this.#requests.push(request);
    await send(request);
  }

  #ownMessageOf(who: MatrixClient): string | undefined {
    const own = this.#requests.findLast(
      (request) => request.who === who && request.eventId !== undefined,
    );
    return own?.eventId;
  }
}

async function send(request: Request): Promise<void> {
  const { who, path, content } = request;
  const answer = await who.http.request<{ event_id: string }>('PUT', path, content);
  request.eventId = answer.event_id;
}
