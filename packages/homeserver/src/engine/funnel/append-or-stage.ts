import type { ServerName } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { KnownEvent } from '../room/known-event.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { append } from './append.ts';
import { NOT_IN_ROOM, stageEvent, type ReceiveAnswer } from './stage-event.ts';
import type { Vetted } from './vetted.ts';

/** Gives an event of a room that we are in its place; where something that it needs is missing, it is staged. */
export async function appendOrStage(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  origin: ServerName,
): Promise<ReceiveAnswer> {
  const outcome = await append(env, draft, event);
  switch (outcome.kind) {
    case 'missing':
    case 'waits':
      return stageEvent(env, draft, event, origin);
    case 'appended':
      draft.write(({ stage }) => stage.delete(draft.roomId, event.eventId));
      return answerFor(outcome.event);
    case 'known':
      return answerFor(outcome.event);
    case 'refused':
      return undefined;
    case 'left':
      return NOT_IN_ROOM;
  }
}

function answerFor({ verdict, rule }: KnownEvent): ReceiveAnswer {
  return verdict === 'rejected' ? { error: `rejected by ${rule ?? 'a rule'}` } : undefined;
}
