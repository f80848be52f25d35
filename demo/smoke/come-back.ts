import { deadline, requireSame } from '@hansa/testkit';
import type { DemoWorkspace } from '../demo-workspaces.ts';
import type { Sent } from './converse.ts';

/** How a server goes away: it ends what it does, or it is killed with -9. */
export type End = 'stop' | 'kill';

/** Messages to somebody whose server goes away and is started again; all arrive, once and in order. */
export async function comeBack(
  { process }: DemoWorkspace,
  end: End,
  { count, from, to, room }: Sent,
): Promise<void> {
  await (end === 'stop' ? process.stop() : process.kill());
  const words = `after a ${end}:`;
  const bodies = Array.from({ length: count }, (_, n) => `${words} ${n}`);
  for (const body of bodies) await from.sendText(room, body);
  await process.resume();
  const arrived = () =>
    to
      .room(room)
      .bodies()
      .filter((body) => String(body).startsWith(words));
  await to.until(() => arrived().length >= bodies.length, deadline('what was missed'));
  requireSame(`what ${to.userId} saw`, arrived(), bodies);
}
