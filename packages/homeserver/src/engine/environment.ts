import type { Clock, Random } from '@hansa/net';
import type { ServerName, SigningKey, UserId } from '@hansa/protocol';
import { serverOf } from '@hansa/protocol';
import type { EngineLimits } from './limits.ts';
import type { ServerAcls } from './server-acls.ts';
import type { Turns } from './room/turns.ts';

/** What decisions in a lane need beside the room itself. */
export interface Environment {
  readonly serverName: ServerName;
  readonly signingKey: SigningKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly turns: Turns;
  readonly acls: ServerAcls;
  readonly limits: EngineLimits;
}

export function isOurs({ serverName }: Environment, userId: UserId): boolean {
  return serverOf(userId) === serverName;
}
