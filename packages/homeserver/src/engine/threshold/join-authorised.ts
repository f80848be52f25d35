import type { ServerName } from '@hansa/protocol';
import { forbidden, overloaded, unreachable } from '../../matrix-error.ts';
import { signFromTemplate } from '../funnel/sign-template.ts';
import { vetParsed } from '../funnel/vet.ts';
import { appendOrStage } from '../funnel/append-or-stage.ts';
import { STAGE_IS_FULL } from '../funnel/stage-event.ts';
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
  const { env, lanes, readers } = ports;
  await tryServers(servers, async (resident) => {
    const template = await ports.federation.makeJoin(resident, roomId, userId);
    const known = await readers.rooms.find(roomId);
    if (known?.rules.id !== template.rules.id) {
      throw unreachable(`${resident} gave a template of another room version.`);
    }
    const own = { roomId, userId, content, membership: 'join' as const };
    const join = signFromTemplate(env, resident, template, own);
    const answer = await ports.federation.sendJoin(resident, join);
    const signed = withAuthoriser(join, answer.event);
    const vetting = signed.ok ? await vetParsed(signed.value, ports.signatures) : signed;
    if (vetting.ok !== true) throw forbidden(`${resident} spoilt the join: ${vetting.reason}`);
    // The resident may have had more of the room than we; then the join waits for it.
    const { value: answered } = await lanes.run(roomId, (draft) =>
      appendOrStage(env, draft, vetting.event, resident),
    );
    if (answered === STAGE_IS_FULL) throw overloaded('The join waits for more of the room.');
    if (answered !== undefined)
      throw forbidden(`The room does not take the join: ${answered.error}.`);
    ports.poke(roomId);
  });
}
