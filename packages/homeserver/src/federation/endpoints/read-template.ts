import { findRoomVersion } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RemoteTemplate } from '../../engine/federation-port.ts';
import { AnyObject } from '../../http/index.ts';
import { answerOf, badAnswer } from '../federation-http.ts';
import type { ReadAnswer } from '../federation-http.ts';

const readShape = answerOf(
  Type.Object({ room_version: Type.Optional(Type.String({ maxLength: 32 })), event: AnyObject }),
);

/** Servers from before room versions do not name one; their rooms are of version 1 or 2, which look the same here. */
const UNNAMED_VERSION = '1';

/** Answer of `make_join`, `make_knock` and `make_leave`. What the template holds is for its user to check. */
export const readTemplate: ReadAnswer<RemoteTemplate> = (answer, server: ServerName) => {
  const { room_version: version = UNNAMED_VERSION, event } = readShape(answer, server);
  const rules = findRoomVersion(version);
  if (rules === undefined) throw badAnswer(server, `room_version "${version}" is not one of ours`);
  return { rules, event };
};
