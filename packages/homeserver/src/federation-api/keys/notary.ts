import { Slots } from '@hansa/net';
import { signJson } from '@hansa/protocol';
import type { JsonObject, ServerName } from '@hansa/protocol';
import { overloaded } from '../../matrix-error.ts';
import type { OwnIdentity } from '../../own-identity.ts';
import type { OwnKeyDocument } from './own-key-document.ts';

/** Servers at a time: anybody may ask for any, and who verifies what comes in needs the rest of the ways out. */
const AT_A_TIME = 5;
const WAITING = 200;

/** What other servers said of their keys; they are asked where that is too old. */
export interface KeyDocuments {
  /** `undefined` for one that was never reached. */
  findDocument(server: ServerName, validUntilTs: number): Promise<JsonObject | undefined>;
}

interface Ports {
  readonly own: OwnIdentity;
  readonly ownDocument: OwnKeyDocument;
  readonly keyRing: KeyDocuments;
}

export interface KeyQuestion {
  readonly server: ServerName;
  /** The keys are to be valid until then at least, in milliseconds since the epoch. */
  readonly validUntilTs: number;
}

/** Tells of other servers what they say of their keys, and signs it, too. */
export class Notary {
  readonly #ports: Ports;
  readonly #slots = new Slots(AT_A_TIME);

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * Of those servers that can be reached or once could. Nothing is said of the others.
   * @throws MatrixError 503 where too many wait
   */
  async tell(questions: readonly KeyQuestion[]): Promise<readonly JsonObject[]> {
    const { own, ownDocument, keyRing } = this.#ports;
    if (this.#slots.waiting + questions.length > WAITING) {
      throw overloaded('Too many servers are being asked for their keys. Try again soon.');
    }
    const documents = await Promise.all(
      questions.map(async ({ server, validUntilTs }) => {
        if (server === own.serverName) return ownDocument.get();
        const document = await this.#slots.run(() => keyRing.findDocument(server, validUntilTs));
        return document && signJson(document, own.serverName, own.signingKey);
      }),
    );
    return documents.filter((document) => document !== undefined);
  }
}
