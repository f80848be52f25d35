import { API } from '../clients/simulated-client.ts';
import type { Exchange, NetworkWatch, SimulatedNetwork } from '../network/simulated-network.ts';
import type { FaceAnswer } from '../servers/faces.ts';
import { textOf } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';

const ACTION = new RegExp(
  `^${API}/(?:(join|knock)/|rooms/([^/]+)/(upgrade|receipt)|directory/room/)([^/?]*)`,
);

/**
 * Holds servers to what they tell their people apart from events: a join, a knock, a new room in place of another, a
 * receipt and a name of a room are on the disk when the answer goes out.
 */
export class AnswerLedger implements NetworkWatch {
  /** What is wrong, in words. */
  readonly faults: string[] = [];
  readonly #network: SimulatedNetwork;

  constructor(network: SimulatedNetwork) {
    this.#network = network;
  }

  answered({ from, to, face, request }: Exchange, answer: FaceAnswer): void {
    if (face !== 'client' || answer.status !== 200 || request.method === 'GET') return;
    const server = this.#network.servers.get(to);
    const [, entered, room = '', action, name = ''] = ACTION.exec(request.path) ?? [];
    if (server === undefined) return;
    const body = JSON.parse(Buffer.from(answer.body).toString()) as Answer;
    const isKept =
      entered !== undefined
        ? isMember(server, body.room_id ?? '', from, entered)
        : action === 'upgrade'
          ? isReplaced(server, decodeURIComponent(room), body.replacement_room ?? '')
          : action === 'receipt'
            ? hasReceipt(server, decodeURIComponent(room), from)
            : !request.path.startsWith(`${API}/directory/room/`) ||
              isNamed(server, decodeURIComponent(name)) === (request.method === 'PUT');
    if (isKept) return;
    this.faults.push(
      `${to} told ${from} that ${request.method} ${request.path} is done: it is not`,
    );
  }

  heard(): void {}
}

interface Answer {
  readonly room_id?: string;
  readonly replacement_room?: string;
}

const OF_ROOM = 'room = (SELECT id FROM rooms WHERE room_id = ?)';

function isMember({ disk }: SimulatedServer, roomId: string, userId: string, as: string): boolean {
  const isIt = ({ type, state_key: key, content }: Stored): boolean =>
    type === 'm.room.member' && key === userId && content.membership === as;
  const inRoom = disk.all(`SELECT json FROM events WHERE ${OF_ROOM}`, roomId);
  const outside = disk.all(
    'SELECT event AS json FROM oob_memberships WHERE room_id = ? AND user_id = ?',
    roomId,
    userId,
  );
  const membership = [...outside, ...inRoom].map(
    (row) => JSON.parse(textOf(row, 'json')) as Stored,
  );
  // Who is in a room already has nothing to knock at, and who was invited meanwhile either.
  return membership.some(isIt) || (as === 'knock' && outside.length > 0);
}

interface Stored {
  readonly type: string;
  readonly state_key?: string;
  readonly content: { readonly membership?: string };
}

function isReplaced({ disk }: SimulatedServer, roomId: string, newRoomId: string): boolean {
  const events = disk.all(`SELECT json FROM events WHERE ${OF_ROOM} AND pos > 0`, roomId);
  const hasTombstone = events.some((row) => textOf(row, 'json').includes(newRoomId));
  return (
    hasTombstone && disk.first('SELECT 1 FROM rooms WHERE room_id = ?', newRoomId) !== undefined
  );
}

function hasReceipt({ disk }: SimulatedServer, roomId: string, userId: string): boolean {
  const sql = `SELECT 1 FROM receipts WHERE ${OF_ROOM} AND user_id = ?`;
  return disk.first(sql, roomId, userId) !== undefined;
}

function isNamed({ disk }: SimulatedServer, alias: string): boolean {
  return disk.first('SELECT 1 FROM aliases WHERE alias = ?', alias) !== undefined;
}
