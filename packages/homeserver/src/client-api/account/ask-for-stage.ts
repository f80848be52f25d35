import { Buffer } from 'node:buffer';
import type { Random } from '@hansa/net';
import { Answer } from '../../http/index.ts';
import { MatrixError } from '../../matrix-error.ts';

const SESSION_BYTES = 16;

/**
 * Tells which stage stands before a request; `refused` is what was wrong with the attempt at it. There is never more
 * than one, done by the very request that it guards: so nothing is remembered of a session, and none can be passed on
 * to another request. Source: client-server API, "User-interactive API in the REST API".
 */
export function askForStage(stage: string, random: Random, refused?: MatrixError): Answer {
  return new Answer(401, {
    flows: [{ stages: [stage] }],
    params: {},
    completed: [],
    session: Buffer.from(random.bytes(SESSION_BYTES)).toString('hex'),
    ...(refused && { errcode: refused.errcode, error: refused.message }),
  });
}

export function noSuchStage(): MatrixError {
  return new MatrixError(401, 'M_UNRECOGNIZED', 'There is no such stage here.');
}
