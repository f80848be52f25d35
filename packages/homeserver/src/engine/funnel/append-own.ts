import type { EventTemplate, ServerName } from '@hansa/protocol';
import type { Position } from '@hansa/storage';
import { forbidden, overloaded } from '../../matrix-error.ts';
import type { Environment } from '../environment.ts';
import { notAllowed } from '../not-allowed.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { append } from './append.ts';
import type { Outcome } from './outcome.ts';
import { signOwn, templateAtEnd, type OwnEvent } from './own-event.ts';
import type { Vetted } from './vetted.ts';

export interface OwnAppended {
  readonly event: Vetted;
  readonly position: Position;
}

/** create → authorise → sign → append, at the room's present end. A refusal is a `MatrixError`. */
export async function appendOwn(
  env: Environment,
  draft: RoomDraft,
  event: OwnEvent,
): Promise<OwnAppended> {
  const template: EventTemplate = await templateAtEnd(env, draft, event);
  const signed = signOwn(env, draft.rules, template);
  draft.noteMade(signed.eventId);
  return appendSigned(env, draft, signed);
}

/** Appends an event that carries our signature, or refuses it. */
export async function appendSigned(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  exceptTo?: ServerName,
): Promise<OwnAppended> {
  const send = exceptTo === undefined ? {} : { exceptTo };
  const outcome = await append(env, draft, event, { send, onlyIfAccepted: true });
  return { event, position: positionOrRefuse(outcome) };
}

/** The position of an event that had to be accepted. */
export function positionOrRefuse(outcome: Outcome): Position {
  switch (outcome.kind) {
    case 'refused':
      throw notAllowed(outcome.refusal);
    case 'left':
      throw forbidden('This server is not in the room any more.');
    case 'missing':
      throw forbidden('The event names events that this server does not have.');
    case 'waits':
      throw overloaded('The room has too many forks to take another.');
    case 'known':
    case 'appended':
      if (outcome.event.verdict !== 'accepted') throw forbidden('The event was refused before.');
      return outcome.event.position ?? 0;
  }
}
