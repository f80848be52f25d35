import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet';
import type { Answer, Question } from 'dns-packet';

const TTL_S = 60;
/** Further than any resolver follows. */
const MAX_ALIASES = 8;
const CODES = { nothing: 3, servfail: 2, refused: 5 };

/** What a name has; instead of records, how its questions fail: `silent` is a server that is not there. */
export type Zone = Readonly<
  Record<string, readonly TestRecord[] | 'servfail' | 'refused' | 'silent'>
>;

export type TestRecord = (
  | { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly data: string }
  /** Questions for this type are not answered at all, as some name servers treat IPv6. */
  | { readonly type: 'drop'; readonly data: 'A' | 'AAAA' }
  | {
      readonly type: 'SRV';
      readonly data: {
        readonly target: string;
        readonly port: number;
        readonly priority?: number;
        readonly weight?: number;
      };
    }
) & { /** In seconds; 60 unless told. */ readonly ttl?: number };

/** A DNS server on loopback, by UDP. What its zone does not have does not exist. */
export class TestDns implements AsyncDisposable {
  /** `address:port` */
  readonly server: string;
  /** May be changed at any time. */
  zone: Zone;
  /** What was asked, such as `A a.test`. */
  readonly asked: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, zone: Zone) {
    this.#socket = socket;
    this.zone = zone;
    this.server = `127.0.0.1:${socket.address().port}`;
    socket.on('message', (message, { address, port }) => {
      const answer = this.#answer(message);
      if (answer !== undefined) socket.send(answer, port, address);
    });
  }

  static async start(zone: Zone): Promise<TestDns> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TestDns(socket, zone);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #answer(message: Buffer): Buffer | undefined {
    const { id = 0, questions = [] } = decode(message);
    const [question] = questions;
    if (question === undefined) return undefined;
    this.asked.push(`${question.type} ${question.name}`);
    const found = this.#find(question);
    if (found === 'silent') return undefined;
    const flags = AUTHORITATIVE_ANSWER | (typeof found === 'string' ? CODES[found] : 0);
    const answers = typeof found === 'string' ? [] : found;
    return encode({ type: 'response', id, flags, questions: [question], answers });
  }

  /** With the aliases that lead to what is there, as resolvers answer. */
  #find({ name, type }: Question): Answer[] | 'nothing' | 'servfail' | 'refused' | 'silent' {
    const answers: Answer[] = [];
    let at = name.toLowerCase();
    for (let aliases = 0; aliases < MAX_ALIASES; aliases += 1) {
      const there = Object.hasOwn(this.zone, at) ? this.zone[at] : undefined;
      if (there === undefined) return aliases === 0 ? 'nothing' : answers;
      if (typeof there === 'string') return there;
      if (there.some((record) => record.type === 'drop' && record.data === type)) return 'silent';
      const alias = there.find((record) => record.type === 'CNAME');
      const told = alias === undefined ? there.filter((record) => record.type === type) : [alias];
      for (const record of told) answers.push({ ttl: TTL_S, ...record, name: at } as Answer);
      if (alias?.type !== 'CNAME') return answers;
      at = alias.data;
    }
    return 'servfail';
  }
}
