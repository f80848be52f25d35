import type { Clock } from '@hansa/net';
import { parseRoomId, type Pdu } from '@hansa/protocol';
import { Type } from 'typebox';
import { showStateEvent } from '../../client-events/show-events.ts';
import { defineRoute, paramText, paramTextOrEmpty, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { roomAccess, type AccessReads } from '../../membership/room-access.ts';

interface Ports {
  readonly views: AccessReads;
  readonly clock: Clock;
}

const PATH = '/_matrix/client/v3/rooms/{roomId}/state/{eventType}';
const Query = Type.Object({
  format: Type.Optional(Type.Union([Type.Literal('content'), Type.Literal('event')])),
});

/** `GET /rooms/{roomId}/state/{eventType}/{stateKey}`; the state key may be left out, with its slash or without. */
export function getStateEvent({ views, clock }: Ports): readonly Route[] {
  const declared = { method: 'GET', auth: 'token', query: Query } as const;
  const params = { roomId: parseRoomId, eventType: paramText };
  const show = (pdu: Pdu | undefined, format = 'content'): object => {
    if (pdu === undefined) throw notFound('The room has no such state.');
    const shown = { now: clock.now(), withoutRoomId: false };
    return format === 'event' ? showStateEvent(pdu, shown) : pdu.content;
  };
  const withoutKey = [PATH, `${PATH}/`].map((path) =>
    defineRoute({
      ...declared,
      path,
      params,
      handler: async ({ session, params: { roomId, eventType }, query }) => {
        const { state } = await roomAccess(views, roomId, session.userId);
        return show(await state.find(eventType, ''), query.format);
      },
    }),
  );
  const withKey = defineRoute({
    ...declared,
    path: `${PATH}/{stateKey}`,
    params: { ...params, stateKey: paramTextOrEmpty },
    handler: async ({ session, params: { roomId, eventType, stateKey }, query }) => {
      const { state } = await roomAccess(views, roomId, session.userId);
      return show(await state.find(eventType, stateKey), query.format);
    },
  });
  return [...withoutKey, withKey];
}
