import type { MatrixClient } from '@hansa/testkit';
import { hearsInOrder, readsInOrder, talk } from './messages.ts';
import { agreeOnState, sharedPrivateRoom } from './rooms.ts';
import type { Scenario, Stage } from './scenario.ts';

const MESSAGES = 60;
const KILL_AFTER = 20;
/** Together fewer than a client is shown at once. */
const MAX_GOING = 400;

export const killed: Scenario = {
  title: 'ours is killed with -9 while messages come and go; what was acknowledged is there, once',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    const [ours, theirs] = stage.home === stage.hansa ? [host, guest] : [guest, host];
    const { coming, going } = await converse(stage, room, { ours, theirs });
    await stage.hansa.resume();
    await hearsInOrder(ours, room, coming);
    await hearsInOrder(ours, room, going);
    await readsInOrder(theirs, room, going);
    await talk(room, [ours, theirs], 'back');
    await agreeOnState(room, ours, theirs);
  },
};

/** Both speak at once; somewhere on the way ours is killed. Answers what was acknowledged of each. */
async function converse(
  { hansa }: Stage,
  room: string,
  { ours, theirs }: { readonly ours: MatrixClient; readonly theirs: MatrixClient },
): Promise<{ readonly coming: readonly string[]; readonly going: readonly string[] }> {
  const coming = Array.from({ length: MESSAGES }, (_, n) => `coming ${n}`);
  const going: string[] = [];
  let isKilled = false;
  const come = async () => {
    for (const [n, body] of coming.entries()) {
      await theirs.sendText(room, body);
      if (n !== KILL_AFTER) continue;
      isKilled = true;
      await hansa.kill();
    }
  };
  const go = async () => {
    for (let n = 0; n < MAX_GOING; n += 1) {
      try {
        await ours.sendText(room, `going ${n}`);
      } catch (error) {
        if (isKilled) return;
        throw error;
      }
      going.push(`going ${n}`);
    }
  };
  await Promise.all([come(), go()]);
  return { coming, going };
}
