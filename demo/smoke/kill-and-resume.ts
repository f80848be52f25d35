import { deadline, requireSame } from '@hansa/testkit';
import type { DemoWorkspace } from '../demo-workspaces.ts';
import type { Sent } from './converse.ts';

/** Messages to somebody whose server is killed and started again; all arrive, once and in order. */
export async function killAndResume(
  { process }: DemoWorkspace,
  { count, from, to, room }: Sent,
): Promise<void> {
  await process.kill();
  const bodies = Array.from({ length: count }, (_, n) => `while dead ${n}`);
  for (const body of bodies) await from.sendText(room, body);
  await process.resume();
  const arrived = () =>
    to
      .room(room)
      .bodies()
      .filter((body) => String(body).startsWith('while dead'));
  await to.until(() => arrived().length >= bodies.length, deadline('what was missed'));
  requireSame(`what ${to.userId} saw`, arrived(), bodies);
}
