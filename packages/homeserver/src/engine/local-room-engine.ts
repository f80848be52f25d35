import { isUserId, readMembership } from '@hansa/protocol';
import type { JsonObject, JsonValue, RoomId, ServerName } from '@hansa/protocol';
import { createRoom } from './actions/create-room.ts';
import { send } from './actions/send.ts';
import { isOurs } from './environment.ts';
import type { Backfill } from './history/backfill.ts';
import type { InboundPorts } from './inbound/inbound-ports.ts';
import { receive } from './inbound/receive.ts';
import type {
  AcceptedJoin,
  Appended,
  EventIntent,
  InboundInvite,
  InviteIntent,
  JoinIntent,
  LeaveIntent,
  MembershipTemplate,
  RoomCreation,
} from './intents.ts';
import { acceptJoin } from './resident/accept-join.ts';
import { acceptKnock } from './resident/accept-knock.ts';
import { acceptMembership, type ResidentPorts } from './resident/accept-membership.ts';
import { makeMembership } from './resident/make-membership.ts';
import type { MakeMembership, ReceivedPdus, RoomEngine, SendMembership } from './room-engine.ts';
import { inviteRemote } from './threshold/invite-remote.ts';
import { receiveInvite } from './threshold/receive-invite.ts';
import type { ThresholdPorts } from './threshold/threshold-ports.ts';
import type { Threshold } from './threshold/threshold.ts';

export interface EngineParts {
  readonly resident: ResidentPorts;
  readonly inbound: InboundPorts;
  readonly outside: ThresholdPorts;
  readonly threshold: Threshold;
  readonly history: Backfill;
}

/** The engine's entry points, each one call to what does the work. */
export class LocalRoomEngine implements RoomEngine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  createRoom(creation: RoomCreation): Promise<RoomId> {
    const { env, lanes } = this.#parts.resident;
    return createRoom(env, lanes, creation);
  }

  send(intent: EventIntent): Promise<Appended> {
    const { env, lanes } = this.#parts.resident;
    const target = intent.stateKey;
    const invites = intent.type === 'm.room.member' && readMembership(intent.content) === 'invite';
    if (invites && target !== undefined && isUserId(target) && !isOurs(env, target)) {
      const { roomId, sender, content } = intent;
      return inviteRemote(this.#parts.outside, { roomId, sender, target, content });
    }
    return send(env, lanes, intent);
  }

  invite({ roomId, sender, target, content }: InviteIntent): Promise<Appended> {
    return this.send({
      roomId,
      sender,
      type: 'm.room.member',
      stateKey: target,
      content: { ...content, membership: 'invite' },
    });
  }

  async join(intent: JoinIntent): Promise<RoomId> {
    await this.#parts.threshold.join(intent);
    return intent.roomId;
  }

  async knock(intent: JoinIntent): Promise<RoomId> {
    await this.#parts.threshold.knock(intent);
    return intent.roomId;
  }

  leave(intent: LeaveIntent): Promise<void> {
    return this.#parts.threshold.leave(intent);
  }

  backfill(roomId: RoomId, limit: number, below?: number): Promise<boolean> {
    return this.#parts.history.fetch(roomId, limit, below);
  }

  receive(origin: ServerName, pdus: readonly JsonValue[]): Promise<ReceivedPdus> {
    return receive(this.#parts.inbound, origin, pdus);
  }

  receiveInvite(invite: InboundInvite): Promise<JsonObject> {
    return receiveInvite(this.#parts.outside, invite);
  }

  makeMembership(request: MakeMembership): Promise<MembershipTemplate> {
    const { env, lanes } = this.#parts.resident;
    return makeMembership(env, lanes, request);
  }

  acceptJoin(request: SendMembership): Promise<AcceptedJoin> {
    return acceptJoin(this.#parts.resident, request);
  }

  async acceptLeave(request: SendMembership): Promise<void> {
    await acceptMembership(this.#parts.resident, request, 'leave');
  }

  acceptKnock(request: SendMembership): Promise<readonly JsonObject[]> {
    return acceptKnock(this.#parts.resident, request);
  }
}
