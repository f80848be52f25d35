import { parsePdu } from '@hansa/protocol';
import type { Parsed, Pdu, RoomVersionRules } from '@hansa/protocol';
import { weightOf } from '@hansa/storage';
import type { StagedPdu, StageReader } from '@hansa/storage';
import { LRUCache } from 'lru-cache';
import type { SignatureChecker } from '../federation-port.ts';
import { vetParsed, type Vetting } from '../funnel/vet.ts';
import type { Vetted } from '../funnel/vetted.ts';

/** Of memory, estimated: what is forgotten is read and checked again. */
const MAX_BYTES = 32 * 1024 * 1024;
/** What an event takes besides its JSON, more or less. */
const PDU_BYTES = 512;

interface Known {
  readonly pdu: Pdu;
  vetted?: Vetted;
  /** It was one fork more than the room takes when it was looked at last. */
  waits?: boolean;
}

/**
 * What was found out about staged events, as they are looked at again whenever something comes: each is parsed, and
 * its signatures are checked, once.
 */
export class StagedEvents {
  readonly #stage: Pick<StageReader, 'read'>;
  readonly #signatures: SignatureChecker;
  readonly #known = new LRUCache<number, Known>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ pdu }) => PDU_BYTES + weightOf(pdu.json),
  });

  constructor(stage: Pick<StageReader, 'read'>, signatures: SignatureChecker) {
    this.#stage = stage;
    this.#signatures = signatures;
  }

  /** Undefined where it is not staged any more. */
  async read({ id }: StagedPdu, rules: RoomVersionRules): Promise<Parsed<Pdu> | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return { ok: true, value: known.pdu };
    const json = await this.#stage.read(id);
    if (json === undefined) return undefined;
    const pdu = parsePdu(json, rules);
    if (pdu.ok) this.#known.set(id, { pdu: pdu.value });
    return pdu;
  }

  async vet({ id, origins }: StagedPdu, pdu: Pdu): Promise<Vetting> {
    const vetted = this.#known.get(id)?.vetted;
    if (vetted !== undefined) return { ok: true, event: vetted };
    const vetting = await vetParsed(pdu, this.#signatures, origins);
    const known = this.#known.get(id);
    if (vetting.ok === true && known !== undefined) known.vetted = vetting.event;
    return vetting;
  }

  hasWaited({ id }: StagedPdu): boolean {
    return this.#known.get(id)?.waits === true;
  }

  noteWaiting({ id }: StagedPdu, waits: boolean): void {
    const known = this.#known.get(id);
    if (known !== undefined) known.waits = waits;
  }
}
