import { eventIdOf, findRoomVersion } from '@hansa/protocol';
import type { JsonObject, ServerName } from '@hansa/protocol';
import type { Exchange, NetworkWatch, SimulatedNetwork } from '../network/simulated-network.ts';
import type { FaceAnswer } from '../servers/faces.ts';
import { textOf, type Row } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';

/** An event that its sender's client was told to be sent. */
export interface Acknowledged {
  readonly server: ServerName;
  readonly roomId: string;
  readonly eventId: string;
}

export const SEND = '/_matrix/federation/v1/send/';
const CLIENT_EVENT = /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/(?:send|state|redact)\//;

/**
 * Notes who answered for what, and holds each answer to it while it is on its way: what a server answers for, it has on its
 * disk. A hostile server's answers are nobody's.
 */
export class Ledger implements NetworkWatch {
  readonly acknowledged: Acknowledged[] = [];
  /** What is wrong, in words. */
  readonly notDurable: string[] = [];
  readonly bugs: string[] = [];
  readonly #answeredFor = new Set<string>();
  readonly #taken = new Map<string, Set<string>>();
  readonly #network: SimulatedNetwork;
  readonly #isHonest: (server: string) => boolean;

  constructor(network: SimulatedNetwork, isHonest: (server: string) => boolean) {
    this.#network = network;
    this.#isHonest = isHonest;
  }

  /** Events of `from` that `to` has answered for, as `from` was told. */
  taken(from: string, to: string): ReadonlySet<string> {
    return this.#taken.get(`${from} ${to}`) ?? new Set();
  }

  answered(exchange: Exchange, answer: FaceAnswer): void {
    const server = this.#network.servers.get(exchange.to);
    if (server === undefined || !this.#isHonest(exchange.to)) return;
    const { method, path } = exchange.request;
    if (answer.status === 500) {
      this.bugs.push(`${exchange.to} answered 500 to ${method} ${path}: ${bodyOf(answer)}`);
    }
    for (const eventId of takenBy(exchange, answer)) {
      // The same answer comes again to the same transaction, when the join that it was staged for may have failed.
      const key = `${exchange.to} ${eventId}`;
      if (this.#answeredFor.has(key)) continue;
      this.#answeredFor.add(key);
      if (!isStored(server, eventId)) {
        this.notDurable.push(
          `${exchange.to} answered ${exchange.from} for ${eventId} of ${exchange.request.path}, which is on no disk`,
        );
      }
    }
    const sent = sentBy(exchange, answer);
    if (sent !== undefined && !isStored(server, sent.eventId)) {
      this.notDurable.push(
        `${exchange.to} told ${exchange.from} of ${sent.eventId}, which is on no disk`,
      );
    }
  }

  heard(exchange: Exchange, answer: FaceAnswer): void {
    if (!this.#isHonest(exchange.to)) return;
    const key = `${exchange.from} ${exchange.to}`;
    const taken = this.#taken.get(key) ?? new Set<string>();
    this.#taken.set(key, taken);
    for (const eventId of this.#handledBy(exchange, answer)) taken.add(eventId);
    const sent = sentBy(exchange, answer);
    if (sent !== undefined) this.acknowledged.push({ server: exchange.to, ...sent });
  }

  /** All of a transaction that was answered: a refusal is an answer too, and who knows no such room cannot name its events. */
  #handledBy({ from, face, request }: Exchange, answer: FaceAnswer): readonly string[] {
    if (face !== 'federation' || answer.status !== 200 || !request.path.startsWith(SEND)) return [];
    const disk = this.#network.servers.get(from as ServerName)?.disk;
    const { pdus } = JSON.parse(String(request.body)) as {
      readonly pdus: readonly (JsonObject & { readonly room_id: string })[];
    };
    return pdus.flatMap((pdu) => {
      const { room_id: room } = pdu;
      const version = disk?.first('SELECT version FROM rooms WHERE room_id = ?', room)?.['version'];
      const rules = findRoomVersion(String(version));
      const eventId = rules && eventIdOf(pdu, rules);
      return eventId?.ok === true ? [eventId.value] : [];
    });
  }
}

function isStored({ disk }: SimulatedServer, eventId: string): boolean {
  return (
    disk.first('SELECT 1 FROM events WHERE event_id = ?', eventId) !== undefined ||
    disk.first('SELECT 1 FROM stage WHERE event_id = ?', eventId) !== undefined ||
    disk.all('SELECT event, version FROM oob_memberships').some((row) => idOf(row) === eventId)
  );
}

/** Of the event by which an invite was taken back: all that is kept of it, as nobody is in the room. */
function idOf(row: Row): string | undefined {
  const rules = findRoomVersion(String(row['version']));
  const json = JSON.parse(textOf(row, 'event')) as JsonObject;
  const eventId = rules && eventIdOf(json, rules);
  return eventId?.ok === true ? eventId.value : undefined;
}

/** Ids that a transaction's answer takes without an error. */
export function takenBy(exchange: Exchange, answer: FaceAnswer): readonly string[] {
  return Object.entries(resultsOf(exchange, answer)).flatMap(([eventId, result]) =>
    Object.hasOwn(result, 'error') ? [] : [eventId],
  );
}

function resultsOf({ face, request }: Exchange, answer: FaceAnswer): Record<string, object> {
  if (face !== 'federation' || answer.status !== 200 || !request.path.startsWith(SEND)) return {};
  const { pdus } = JSON.parse(bodyOf(answer)) as { readonly pdus?: Record<string, object> };
  return pdus ?? {};
}

function sentBy(
  { face, request }: Exchange,
  answer: FaceAnswer,
): { readonly roomId: string; readonly eventId: string } | undefined {
  if (face !== 'client' || answer.status !== 200 || request.method !== 'PUT') return undefined;
  const room = CLIENT_EVENT.exec(request.path)?.[1];
  const { event_id: eventId } = JSON.parse(bodyOf(answer)) as { readonly event_id?: string };
  if (room === undefined || eventId === undefined) return undefined;
  return { roomId: decodeURIComponent(room), eventId };
}

function bodyOf({ body }: FaceAnswer): string {
  return Buffer.from(body).toString();
}
