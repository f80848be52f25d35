import { getRoomVersion, parsePdu } from '@hansa/protocol';
import type { Pdu, ServerName } from '@hansa/protocol';
import { sampleEvent } from '@hansa/protocol/testing/sample-event';
import { newDestination } from '@hansa/storage';
import type { Destination, Refusal, Writers } from '@hansa/storage';
import type { LanePorts } from '../outbox/outbox-ports.ts';

/** What is to be sent, and how far it was, as a disk keeps it while servers come and go. */
export class MemoryDestinations {
  readonly rows = new Map<ServerName, Destination>();
  readonly refusals: Refusal[] = [];
  /** Servers that share a room with us. */
  inRooms: readonly ServerName[] = [];
  /** Called when a row is to be written; what it throws, the writer gets, and nothing is. */
  onPut: (destination: Destination) => void = () => {};
  readonly #due: { readonly server: ServerName; readonly position: number; readonly pdu: Pdu }[] =
    [];
  #position = 0;

  /** Each server is due one more event; its position. */
  addEvent(...servers: readonly ServerName[]): number {
    this.#position += 1;
    const pdu = pduNumber(this.#position);
    for (const server of servers) this.#due.push({ server, position: this.#position, pdu });
    return this.#position;
  }

  /** A store on this disk. After `kill` no call of it ever settles or does anything. */
  open(): { readonly store: LanePorts['store']; readonly kill: () => void } {
    let alive = true;
    const settle = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      return alive ? work() : await new Promise<never>(() => {});
    };
    const destinations = {
      put: (destination: Destination) => {
        this.onPut(destination);
        this.rows.set(destination.server, destination);
      },
      insertRefusal: (refusal: Refusal) => void this.refusals.push(refusal),
    };
    return {
      kill: () => {
        alive = false;
      },
      store: {
        readers: {
          destinations: {
            find: (server) => settle(() => this.rows.get(server)),
            listWithWork: () => settle(() => this.#listWithWork()),
            listServersInRooms: (limit) => settle(() => this.inRooms.slice(0, limit)),
            listDue: (query) => settle(() => this.#listDue(query)),
            listTargets: () => settle(() => []),
            listRefusals: () => settle(() => this.refusals),
          },
        },
        transact: (record) =>
          settle(() => {
            record({ destinations } as unknown as Writers);
            return { position: undefined, firstPosition: undefined };
          }),
      },
    };
  }

  #listWithWork(): readonly Destination[] {
    const servers = new Set([...this.rows.keys(), ...this.#due.map(({ server }) => server)]);
    const rows = [...servers].map(
      (server): Destination => this.rows.get(server) ?? newDestination(server),
    );
    return rows.filter(
      ({ server, cursor, attempt }) =>
        attempt !== undefined ||
        this.#listDue({ server, after: cursor, limit: 1 }).events.length > 0,
    );
  }

  #listDue(query: {
    readonly server: ServerName;
    readonly after: number;
    readonly upTo?: number;
    readonly limit: number;
  }) {
    const end = query.upTo ?? this.#position;
    const events = this.#due
      .filter(({ server, position }) => {
        return server === query.server && position > query.after && position <= end;
      })
      .slice(0, query.limit);
    const full = events.length >= query.limit;
    const upTo = full ? (events.at(-1)?.position ?? end) : end;
    return { events, upTo, isAll: !full && end === this.#position };
  }
}

export function pduNumber(number: number): Pdu {
  const rules = getRoomVersion('11');
  const parsed = parsePdu(sampleEvent(rules, { content: { number }, depth: number }), rules);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}
