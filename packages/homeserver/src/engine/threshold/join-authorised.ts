import type { ServerName } from '@hansa/protocol';
import { forbidden } from '../../matrix-error.ts';
import { signFromTemplate } from '../funnel/sign-template.ts';
import { vetParsed } from '../funnel/vet.ts';
import { appendOrStage } from '../funnel/append-or-stage.ts';
import type { JoinIntent } from '../intents.ts';
import { withAuthoriser } from './join-remote.ts';
import type { ThresholdPorts } from './threshold-ports.ts';
import { tryServers } from './try-servers.ts';

/**
 * Joins a user of ours to a restricted room that we are in, where nobody of ours may let others in: another server's
 * user does, and that server signs. Source: server-server API, "Restricted rooms".
 */
export async function joinAuthorised(
  ports: ThresholdPorts,
  { roomId, userId, content }: JoinIntent,
  servers: readonly ServerName[],
): Promise<void> {
  const { env, lanes } = ports;
  await tryServers(servers, async (resident) => {
    const template = await ports.federation.makeJoin(resident, roomId, userId);
    const own = { roomId, userId, content, membership: 'join' as const };
    const join = signFromTemplate(env, resident, template, own);
    const answer = await ports.federation.sendJoin(resident, join);
    const vetting = await vetParsed(withAuthoriser(join, answer.event), ports.signatures);
    if (vetting.ok !== true) throw forbidden(`${resident} spoilt the join: ${vetting.reason}`);
    // The resident may have had more of the room than we; then the join waits for it.
    await lanes.run(roomId, (draft) => appendOrStage(env, draft, vetting.event, resident));
    ports.poke(roomId);
  });
}
