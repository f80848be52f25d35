import { serverOf } from '@hansa/protocol';
import type { JsonObject, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { forbidden } from '../../matrix-error.ts';
import type { ServerAccess } from '../server-access.ts';

export interface TemplatePorts {
  readonly engine: Pick<RoomEngine, 'makeMembership'>;
  readonly access: ServerAccess;
}

export interface TemplateAnswer {
  readonly room_version: string;
  readonly event: JsonObject;
}

/** What `make_join`, `make_knock` and `make_leave` have in common: a template for a user of the server that asks. */
export async function makeTemplate(
  { engine, access }: TemplatePorts,
  request: {
    readonly origin: ServerName;
    readonly roomId: RoomId;
    readonly userId: UserId;
    readonly membership: 'join' | 'leave' | 'knock';
    readonly supportedVersions: readonly string[];
  },
): Promise<TemplateAnswer> {
  if (serverOf(request.userId) !== request.origin) {
    throw forbidden('The user is not one of your server.');
  }
  await access.requireAllowed(request.roomId, request.origin);
  const { rules, event } = await engine.makeMembership(request);
  return { room_version: rules.id, event };
}
