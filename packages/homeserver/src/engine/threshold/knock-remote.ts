import { isRoomIdOf, isUserId, member, serverOf } from '@hansa/protocol';
import type { JsonObject, Pdu, ServerName } from '@hansa/protocol';
import { MatrixError } from '../../matrix-error.ts';
import { UnfitRoomError } from '../funnel/begin-segment.ts';
import { signFromTemplate } from '../funnel/sign-template.ts';
import type { JoinIntent } from '../intents.ts';
import { readShownState, within } from './read-shown-state.ts';
import { strippedJson } from './stripped-json.ts';
import type { ThresholdPorts } from './threshold-ports.ts';
import { tryServers } from './try-servers.ts';

/** Knocks at a room by way of a server that is in it. Source: server-server API, "Knocking upon a room". */
export async function knockRemote(
  ports: ThresholdPorts,
  intent: JoinIntent,
  servers: readonly ServerName[],
): Promise<void> {
  const { roomId, userId, content } = intent;
  await tryServers(servers, async (resident) => {
    const template = await ports.federation.makeKnock(resident, roomId, userId);
    if (!isRoomIdOf(template.rules.roomIdFormat, roomId)) {
      throw new UnfitRoomError(`the id is none of room version ${template.rules.id}`);
    }
    const own = { roomId, userId, content, membership: 'knock' as const };
    const knock = signFromTemplate(ports.env, resident, template, own);
    const given = await ports.federation.sendKnock(resident, knock);
    await holdKnock(ports, knock, {
      shown: await describe(ports, knock, given),
      resident,
      servers,
    });
  });
}

/** The knock is in the room by now, whatever is wrong with what the server says of it. */
async function describe(
  ports: ThresholdPorts,
  { roomId, rules }: Pdu,
  given: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  try {
    return await readShownState(ports.signatures, {
      roomId,
      rules,
      given,
      name: 'knock_room_state',
    });
  } catch (error) {
    if (!(error instanceof MatrixError)) throw error;
    ports.report(`the room ${roomId}, which somebody knocked at, is not described well`, error);
    return [];
  }
}

interface Answered {
  readonly shown: readonly JsonObject[];
  readonly resident: ServerName;
  readonly servers: readonly ServerName[];
}

async function holdKnock(
  { env, lanes, readers }: ThresholdPorts,
  knock: Pdu,
  { shown, resident, servers }: Answered,
): Promise<void> {
  const { roomId, eventId, rules } = knock;
  const userId = knock.sender;
  // Those who wrote that state can answer, too.
  const via = [...new Set([resident, ...shown.flatMap(serverOfSender), ...servers])];
  await lanes.run(roomId, async (draft) => {
    const held = await readers.thresholds.findOutOfBand(userId, roomId);
    // The answer to a knock may be here before that it was heard.
    if (held?.membership === 'invite' || draft.head?.residence === 'joined') return;
    draft.changedUsers.add(userId);
    const position = draft.takePosition();
    draft.write(({ thresholds }) =>
      thresholds.putOutOfBand({
        userId,
        roomId,
        membership: 'knock',
        eventId,
        sender: userId,
        rules,
        event: knock.json,
        strippedState: within(env.limits.inviteStateBytes, [strippedJson(knock), ...shown]),
        via: via.slice(0, env.limits.handshakeServers),
        position,
      }),
    );
  });
}

function serverOfSender(event: JsonObject): readonly ServerName[] {
  const sender = member(event, 'sender');
  return typeof sender === 'string' && isUserId(sender) ? [serverOf(sender)] : [];
}
