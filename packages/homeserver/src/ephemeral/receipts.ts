import type { Clock } from '@hansa/net';
import type { EventId, RoomId, ServerName } from '@hansa/protocol';
import type { Receipt, Store } from '@hansa/storage';
import type { RoomViews } from '../engine/room-views.ts';
import { forbidden, invalidParam, notFound } from '../matrix-error.ts';
import { isJoinedNow } from '../membership/is-joined-now.ts';
import { receiptEdu, type SendEdu } from './edus.ts';
import { threadOf } from './thread-of.ts';

interface Ports {
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly views: Pick<RoomViews, 'currentState' | 'findEvent' | 'findRoom' | 'joinedServers'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly serverName: ServerName;
  readonly sendEdu: SendEdu;
  /** Called when receipts of a room are durable. */
  readonly onChange: (roomId: RoomId) => void;
}

/** How far people have read: the newest of each is kept. */
export class Receipts {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * Of a user of ours. One that goes back is no news, and no fault.
   * @throws MatrixError `M_FORBIDDEN`, `M_NOT_FOUND`, `M_INVALID_PARAM`
   */
  async send(given: Omit<Receipt, 'ts'>): Promise<void> {
    const { views, clock, serverName, sendEdu } = this.#ports;
    const { roomId, userId, type } = given;
    if (!(await isJoinedNow(views, roomId, userId))) throw forbidden('You are not in this room.');
    await this.#requireThread(given);
    const receipt = { ...given, ts: clock.now() };
    const stored = await this.receive([receipt]);
    if (stored === 0 || type !== 'm.read') return;
    const servers = await views.joinedServers(roomId);
    sendEdu(
      servers.filter((server) => server !== serverName),
      receiptEdu(receipt),
    );
  }

  /** Those that go further than what is known; of users who were found in their rooms. Answers how many they were. */
  async receive(receipts: readonly Receipt[]): Promise<number> {
    const { store, onChange } = this.#ports;
    const news: Receipt[] = [];
    for (const receipt of receipts) if (await this.#isNews(receipt)) news.push(receipt);
    if (news.length === 0) return 0;
    await store.transact((writers) => {
      for (const receipt of news) {
        writers.receipts.put({ ...receipt, position: writers.takePosition() });
      }
    });
    for (const roomId of new Set(news.map((receipt) => receipt.roomId))) onChange(roomId);
    return news.length;
  }

  /** Where one of the events is not known here, its sender knows better. */
  async #isNews(receipt: Receipt): Promise<boolean> {
    const known = await this.#ports.store.readers.receipts.find(receipt);
    if (known === undefined) return true;
    if (known.eventId === receipt.eventId) return false;
    const before = await this.#positionOf(receipt.roomId, known.eventId);
    const after = await this.#positionOf(receipt.roomId, receipt.eventId);
    return before === undefined || after === undefined || after > before;
  }

  async #positionOf(roomId: RoomId, eventId: EventId): Promise<number | undefined> {
    return (await this.#ports.views.findEvent(roomId, eventId))?.position;
  }

  async #requireThread({ roomId, eventId, threadId }: Omit<Receipt, 'ts'>): Promise<void> {
    const find = (id: EventId) => this.#ports.views.findEvent(roomId, id);
    const event = await find(eventId);
    if (event?.position === undefined) throw notFound('The room has no such event.');
    if (threadId === undefined || threadId === eventId) return;
    if ((await threadOf(event, find)) === threadId) return;
    throw invalidParam('thread_id: the event is not in this thread.');
  }
}
