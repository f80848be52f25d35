import type { JsonObject, JsonValue, RoomId, ServerName } from '@hansa/protocol';
import { MatrixError } from '../matrix-error.ts';
import { createRoom } from './actions/create-room.ts';
import { joinHere, leaveHere } from './actions/own-membership.ts';
import { send } from './actions/send.ts';
import type { Environment } from './environment.ts';
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
import type { Lanes } from './lane/lanes.ts';
import type { MakeMembership, ReceivedPdus, RoomEngine, SendMembership } from './room-engine.ts';

/** The engine's entry points, each one call to what does the work. */
export class LocalRoomEngine implements RoomEngine {
  readonly #env: Environment;
  readonly #lanes: Lanes;

  constructor(env: Environment, lanes: Lanes) {
    this.#env = env;
    this.#lanes = lanes;
  }

  createRoom(creation: RoomCreation): Promise<RoomId> {
    return createRoom(this.#env, this.#lanes, creation);
  }

  send(intent: EventIntent): Promise<Appended> {
    return send(this.#env, this.#lanes, intent);
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
    await joinHere(this.#env, this.#lanes, intent);
    return intent.roomId;
  }

  async leave(intent: LeaveIntent): Promise<void> {
    await leaveHere(this.#env, this.#lanes, intent);
  }

  async backfill(_roomId: RoomId, _beforePosition: number, _limit: number): Promise<boolean> {
    return false;
  }

  async receive(_origin: ServerName, _pdus: readonly JsonValue[]): Promise<ReceivedPdus> {
    throw notYet();
  }

  async receiveInvite(_invite: InboundInvite): Promise<JsonObject> {
    throw notYet();
  }

  async makeMembership(_request: MakeMembership): Promise<MembershipTemplate> {
    throw notYet();
  }

  async acceptJoin(_request: SendMembership): Promise<AcceptedJoin> {
    throw notYet();
  }

  async acceptLeave(_request: SendMembership): Promise<void> {
    throw notYet();
  }
}

function notYet(): MatrixError {
  return new MatrixError(501, 'M_UNRECOGNIZED', 'Not here yet.');
}
