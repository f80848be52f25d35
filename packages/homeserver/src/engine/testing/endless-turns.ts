import { Turns } from '../room/turns.ts';
import { ManualTime } from './manual-time.ts';

/** Turns that are never over: time stands still. */
export class EndlessTurns extends Turns {
  constructor() {
    const time = new ManualTime();
    super(time, time, 1);
  }
}
