import { bannedWhileApart } from './banned-while-apart.ts';
import { catchUp } from './catch-up.ts';
import { directMessage } from './direct-message.ts';
import { editAndReaction } from './edit-and-reaction.ts';
import { guestInvites } from './guest-invites.ts';
import { hiddenHistory } from './hidden-history.ts';
import { history } from './history.ts';
import { inviteAccept } from './invite-accept.ts';
import { inviteReject } from './invite-reject.ts';
import { inviteRescind } from './invite-rescind.ts';
import { killed } from './killed.ts';
import { knock } from './knock.ts';
import { leaveAndRejoin } from './leave-and-rejoin.ts';
import { media } from './media.ts';
import { moderation } from './moderation.ts';
import { oddContent } from './odd-content.ts';
import { powerLevels } from './power-levels.ts';
import { privateGroup } from './private-group.ts';
import { profile } from './profile.ts';
import { publicJoin } from './public-join.ts';
import { redaction } from './redaction.ts';
import { restrictedJoin } from './restricted-join.ts';
import { roomDescription } from './room-description.ts';
import { roomDirectory } from './room-directory.ts';
import { roomUpgrade } from './room-upgrade.ts';
import type { Scenario } from './scenario.ts';
import { serverAcl } from './server-acl.ts';
import { stateWhileApart } from './state-while-apart.ts';
import { homeStopped } from './home-stopped.ts';
import { typingAndReceipts } from './typing-and-receipts.ts';

/** What has to hold in every version of rooms that people still have. */
export const CORE: readonly Scenario[] = [
  publicJoin,
  inviteAccept,
  privateGroup,
  redaction,
  powerLevels,
  moderation,
  leaveAndRejoin,
  restrictedJoin,
  knock,
  stateWhileApart,
  bannedWhileApart,
];

export const ALL: readonly Scenario[] = [
  ...CORE,
  inviteReject,
  inviteRescind,
  guestInvites,
  directMessage,
  editAndReaction,
  oddContent,
  roomDescription,
  history,
  hiddenHistory,
  profile,
  roomDirectory,
  typingAndReceipts,
  serverAcl,
  roomUpgrade,
  media,
  catchUp,
  homeStopped,
  killed,
];
