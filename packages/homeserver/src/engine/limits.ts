/** Bounds of the engine. */
export interface EngineLimits {
  /** Work that waits for one room; more is refused. */
  readonly laneQueue: number;
  /** Pieces of work that one commit of a room takes. */
  readonly laneBatch: number;
  /** Events that our own event names as its parents. */
  readonly namedExtremities: number;
  /** Forward extremities of a room, above which further forks by a server that makes many wait. */
  readonly forwardExtremities: number;
  /** Events of a room that wait for somebody's signature. */
  readonly preparedEvents: number;
  /** Forks of forks before a state is written out against the main timeline. */
  readonly timelineDepth: number;
  /** Milliseconds that resolution works before it lets others. */
  readonly resolutionTurnMs: number;
  /** Milliseconds that an inbound PDU may take before its transaction is answered without it. */
  readonly decideMs: number;
  /** PDUs that a room has staged, shared by the servers in it that bring them. */
  readonly stagedInRoom: number;
  /** Those that one server which is not in the room has there, and all such servers together. */
  readonly stagedFromOutsider: number;
  readonly stagedFromOutsiders: number;
  /** PDUs that an origin has staged. */
  readonly stagedFromOrigin: number;
  /** Milliseconds after which a staged PDU is forgotten. */
  readonly stagedForMs: number;
  /** Milliseconds between two attempts at a staged PDU, at first and at most. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** Milliseconds that one server has to close its gaps of a room; servers that are not in it have them together. */
  readonly gapMs: number;
  /** Staged events that come in together, as the last of them merges the forks that the others are. */
  readonly mergedTogether: number;
  /** Events that one question for missing ones asks for, and how many such questions a gap is worth. */
  readonly missingEvents: number;
  readonly missingRounds: number;
  /** Events of another server's state or auth chain that we fetch, and how many at a time. */
  readonly fetchedState: number;
  readonly fetchesAtOnce: number;
  /** Times that a room takes state on an origin's word, an hour. */
  readonly claimedStatesAnHour: number;
  /** Unanswered invites of a user of ours, in all and from one server, and bytes that describe the room of one. */
  readonly pendingInvites: number;
  readonly pendingInvitesFromServer: number;
  readonly inviteStateBytes: number;
  /** Servers that a join or a leave is tried through. */
  readonly handshakeServers: number;
  /** Milliseconds after its begin that a join is still taken up, and between two attempts. */
  readonly resumeJoinMs: number;
  readonly resumeJoinEveryMs: number;
  /** Milliseconds that a leave waits for other servers before it is done without them. */
  readonly leaveMs: number;
  /** Events of a page that is fetched from before our time in the room. */
  readonly backfillPage: number;
}

export const DEFAULT_LIMITS: EngineLimits = {
  laneQueue: 10_000,
  laneBatch: 100,
  namedExtremities: 20,
  forwardExtremities: 200,
  preparedEvents: 20,
  timelineDepth: 16,
  resolutionTurnMs: 8,
  decideMs: 50,
  stagedInRoom: 2_000,
  stagedFromOutsider: 20,
  stagedFromOutsiders: 200,
  stagedFromOrigin: 10_000,
  stagedForMs: 24 * 3_600_000,
  firstRetryMs: 1_000,
  lastRetryMs: 3_600_000,
  gapMs: 60_000,
  mergedTogether: 500,
  missingEvents: 20,
  missingRounds: 10,
  fetchedState: 200_000,
  fetchesAtOnce: 4,
  claimedStatesAnHour: 4,
  pendingInvites: 1_000,
  pendingInvitesFromServer: 100,
  inviteStateBytes: 32 * 1024,
  handshakeServers: 10,
  resumeJoinMs: 3_600_000,
  resumeJoinEveryMs: 30_000,
  leaveMs: 10_000,
  backfillPage: 100,
};
