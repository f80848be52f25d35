import {
  authorisingUserOf,
  isRoomIdOf,
  isUserId,
  parsed,
  parsePdu,
  serverOf,
} from '@hansa/protocol';
import type {
  JsonObject,
  Parsed,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
} from '@hansa/protocol';
import type { PendingJoin } from '@hansa/storage';
import type { RemoteJoin } from '../federation-port.ts';
import { beginSegment, UnfitRoomError, type JoinedRoom } from '../funnel/begin-segment.ts';
import { signFromTemplate } from '../funnel/sign-template.ts';
import { vetParsed } from '../funnel/vet.ts';
import { withSignaturesOf } from '../funnel/with-signatures.ts';
import type { JoinIntent } from '../intents.ts';
import { forbidden, MatrixError } from '../../matrix-error.ts';
import { notariesOf } from './notaries-of.ts';
import type { ThresholdPorts } from './threshold-ports.ts';
import { tryServers } from './try-servers.ts';
import { vetPatiently } from './vet-patiently.ts';

/** Joins a room by way of a server that is in it. Source: server-server API, "Joining Rooms". */
export async function joinRemote(
  ports: ThresholdPorts,
  intent: JoinIntent,
  servers: readonly ServerName[],
): Promise<void> {
  const { roomId } = intent;
  try {
    await tryServers(servers, (resident) => joinThrough(ports, intent, resident));
  } catch (error) {
    await forgetJoin(ports, roomId);
    throw error;
  }
}

async function joinThrough(
  ports: ThresholdPorts,
  { roomId, userId, content, via }: JoinIntent,
  resident: ServerName,
): Promise<void> {
  const { env, lanes } = ports;
  const template = await ports.federation.makeJoin(resident, roomId, userId);
  const { rules } = template;
  if (!isRoomIdOf(rules.roomIdFormat, roomId)) {
    throw new UnfitRoomError(`the id is none of room version ${rules.id}`);
  }
  const own = { roomId, userId, content, membership: 'join' as const };
  const join = signFromTemplate(env, resident, template, own);
  const startedAt = env.clock.now();
  const pending = { roomId, userId, rules, event: join.json, resident, via, content, startedAt };
  // From here on what the room's servers send us is staged: they may be faster than this answer.
  await lanes.run(roomId, async (draft) => {
    draft.write(({ thresholds }) => thresholds.putJoin(pending));
  });
  await completeJoin(ports, join, resident);
}

/**
 * Takes up a join that a crash has left between its two questions: the same event again, else a new one. Answers
 * whether it has come to an end; where nobody answers, it is to be tried again.
 */
export async function resumeJoin(ports: ThresholdPorts, pending: PendingJoin): Promise<boolean> {
  const { roomId, userId, content, via, rules, resident } = pending;
  const servers = [...new Set([resident, ...via])];
  try {
    await tryServers([resident], () =>
      completeJoin(ports, parseOwn(pending.event, rules), resident),
    ).catch((error: unknown) => {
      // What went wrong then says nothing about a new attempt; a fault of ours is told all the same.
      if (!(error instanceof MatrixError)) ports.report(`the join of ${roomId} begins anew`, error);
      const intent = { roomId, userId, content, via };
      return tryServers(servers, (server) => joinThrough(ports, intent, server));
    });
    return true;
  } catch (error) {
    const { clock, limits } = ports.env;
    const isOutage = error instanceof MatrixError && error.status >= 500;
    if (isOutage && clock.now() - pending.startedAt < limits.resumeJoinMs) return false;
    await forgetJoin(ports, roomId);
    ports.report(`the join of ${roomId} was given up`, error);
    return true;
  }
}

async function completeJoin(ports: ThresholdPorts, join: Pdu, resident: ServerName): Promise<void> {
  const answer = await ports.federation.sendJoin(resident, join);
  const room = await vetAnswer(ports, join, answer, resident);
  const { roomId } = join;
  const { value: residence } = await ports.lanes.run(roomId, async (draft) => {
    await beginSegment(ports.env, draft, room);
    draft.write(({ thresholds }) => {
      thresholds.deleteJoin(roomId);
      thresholds.deleteOutOfBandOf(roomId);
    });
    draft.seal();
    return draft.getHead().residence;
  });
  if (residence !== 'joined') throw forbidden('The room holds to our having left it.');
  ports.poke(roomId);
}

async function vetAnswer(
  ports: ThresholdPorts,
  join: Pdu,
  answer: RemoteJoin,
  resident: ServerName,
): Promise<JoinedRoom> {
  const { signatures, env } = ports;
  const count = answer.state.length + answer.authChain.length;
  if (count > env.limits.fetchedState) throw new UnfitRoomError(`it has ${count} state events`);
  const notaries = notariesOf(resident, answer.state);
  const signed = withAuthoriser(join, answer.event);
  const vetting = signed.ok ? await vetParsed(signed.value, signatures, notaries) : signed;
  if (vetting.ok !== true) throw new UnfitRoomError(`our join: ${vetting.reason}`);
  const [state, authChain] = await Promise.all([
    vetPatiently(ports, join, answer.state, notaries),
    vetPatiently(ports, join, answer.authChain, notaries),
  ]);
  return { rules: join.rules, join: vetting.event, state, authChain };
}

/** Our join with the signature of the server that lets us in: the one thing that we take of what comes back. */
export function withAuthoriser(join: Pdu, returned: JsonObject | undefined): Parsed<Pdu> {
  const authoriser = authorisingUserOf(join, join.rules);
  if (returned === undefined || typeof authoriser !== 'string' || !isUserId(authoriser)) {
    return parsed(join);
  }
  return withSignaturesOf(join, serverOf(authoriser), returned);
}

function parseOwn(json: JsonObject, rules: RoomVersionRules): Pdu {
  const pdu = parsePdu(json, rules);
  if (!pdu.ok) throw new Error(`our own stored event is broken: ${pdu.reason}`);
  return pdu.value;
}

async function forgetJoin({ lanes }: ThresholdPorts, roomId: RoomId): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    draft.write(({ thresholds, stage }) => {
      thresholds.deleteJoin(roomId);
      stage.deleteRoom(roomId);
    });
  });
}
