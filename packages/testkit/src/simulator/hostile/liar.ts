import type { Exchange, Impostor } from '../network/simulated-network.ts';
import type { FaceAnswer } from '../servers/faces.ts';
import type { Draws } from '../world/draws.ts';

/** Questions that a hostile server lies about. */
const LIED_ABOUT =
  /\/(get_missing_events|backfill|state_ids|state|event_auth|event|make_join|make_leave|media\/download)\//;

/** Who comes into a room takes it from whoever is asked here: more seldom a lie, as what servers owe each other there is void then. */
const SEND_JOIN = /\/send_join\/([^/]+)\//;

/** Lists of a federation answer, wherever it has them. */
const LISTS = ['events', 'pdus', 'auth_chain', 'pdu_ids', 'auth_chain_ids', 'state'];

type Body = Readonly<Record<string, unknown>>;

interface Lies {
  readonly isLying: () => boolean;
  /** Told of who was given another room than there is. */
  readonly mislead: (server: string, roomId: string) => void;
}

/** Answers some questions in place of the server that was asked: with less, with more, in disorder, or with nothing. */
export function createLiar(draws: Draws, { isLying, mislead }: Lies): Impostor {
  return (exchange, honest) => {
    if (!isLying() || !isAnswer(exchange, honest)) return honest;
    const { path } = exchange.request;
    const room = SEND_JOIN.exec(path)?.[1];
    if (room === undefined && !LIED_ABOUT.test(path)) return honest;
    if (draws.chance(room === undefined ? 0.4 : 0.5)) return honest;
    const kind = draws.below(6);
    if (kind === 0) return answerOf(404, { errcode: 'M_NOT_FOUND', error: 'No.' });
    if (kind === 1) return answerOf(500, { errcode: 'M_UNKNOWN', error: 'No.' });
    if (room !== undefined) mislead(exchange.from, decodeURIComponent(room));
    if (path.includes('/media/')) return { ...honest, body: halfOf(honest.body) };
    const body = JSON.parse(Buffer.from(honest.body).toString()) as Body;
    return answerOf(
      200,
      Object.fromEntries(
        Object.entries(body).map(([name, value]) => [name, lie(draws, kind, name, value)]),
      ),
    );
  };
}

function lie(draws: Draws, kind: number, name: string, value: unknown): unknown {
  if (name === 'event') return { ...(value as object), prev_events: [], depth: 1 };
  if (!LISTS.includes(name) || !Array.isArray(value)) return value;
  const list = value as readonly unknown[];
  switch (kind) {
    case 2:
      return list.filter(() => draws.chance(0.6));
    case 3:
      return draws.shuffled([...list, ...list]);
    case 4:
      return [...list, ...list.slice(0, 2).map(spoil), 7, null];
    default:
      return [];
  }
}

function spoil(item: unknown): unknown {
  return typeof item === 'string' ? `${item}x` : { ...(item as object), content: {} };
}

function isAnswer({ face }: Exchange, { status }: FaceAnswer): boolean {
  return face === 'federation' && status === 200;
}

function halfOf(body: Uint8Array): Uint8Array {
  return body.subarray(0, Math.floor(body.byteLength / 2));
}

function answerOf(status: number, body: object): FaceAnswer {
  return { status, headers: new Map(), body: Buffer.from(JSON.stringify(body)) };
}
