import { member } from '@hansa/protocol';
import type { JsonObject, Pdu, ServerName, UserId } from '@hansa/protocol';
import type { OutOfBandMembership } from '@hansa/storage';
import { notFound } from '../../matrix-error.ts';
import { signFromTemplate } from '../funnel/sign-template.ts';
import type { LeaveIntent } from '../intents.ts';
import type { ThresholdPorts } from './threshold-ports.ts';
import { tryServers } from './try-servers.ts';

/**
 * Rejects an invite to a room that we are not in: by way of its servers where one answers soon, and here in any
 * case. Source: server-server API, "Leaving Rooms (Rejecting Invites)".
 */
export async function leaveRemote(ports: ThresholdPorts, intent: LeaveIntent): Promise<void> {
  const { roomId, userId } = intent;
  const held = await ports.readers.thresholds.findOutOfBand(userId, roomId);
  if (held === undefined) throw notFound('The user is not in the room.');
  if (held.membership === 'leave' || held.membership === 'ban') return;
  const sent = await orGiveUp(ports, rejectThrough(ports, intent, held.via));
  await forgetInvite(ports, held, sent?.json ?? held.event);
}

async function rejectThrough(
  ports: ThresholdPorts,
  { roomId, userId, content }: LeaveIntent,
  servers: readonly ServerName[],
): Promise<Pdu | undefined> {
  try {
    return await tryServers(servers, async (resident) => {
      const template = await ports.federation.makeLeave(resident, roomId, userId);
      const own = { roomId, userId, content, membership: 'leave' as const };
      const leave = signFromTemplate(ports.env, resident, template, own);
      await ports.federation.sendLeave(resident, leave);
      return leave;
    });
  } catch (error) {
    ports.report(`no server took the rejection of an invite to ${roomId}`, error);
    return undefined;
  }
}

/** What comes too late is still done, but nobody waits for it. */
async function orGiveUp<T>(
  { timers, env }: ThresholdPorts,
  attempt: Promise<T>,
): Promise<T | undefined> {
  let cancel = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = timers.after(env.limits.leaveMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([attempt, late]);
  } finally {
    cancel();
  }
}

/** From here on the user is told that the invite is gone, whatever the room's servers think. */
export async function forgetInvite(
  { lanes }: Pick<ThresholdPorts, 'lanes'>,
  held: OutOfBandMembership,
  event: JsonObject,
): Promise<void> {
  await lanes.run(held.roomId, async (draft) => {
    draft.changedUsers.add(held.userId);
    const position = draft.takePosition();
    draft.write(({ thresholds }) =>
      thresholds.putOutOfBand({
        ...held,
        membership: 'leave',
        sender: senderOf(event) ?? held.sender,
        event,
        strippedState: [],
        position,
      }),
    );
  });
}

function senderOf(event: JsonObject): UserId | undefined {
  const sender = member(event, 'sender');
  return typeof sender === 'string' ? (sender as UserId) : undefined;
}
