import { slowRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import type { JsonObject, JsonValue } from '@hansa/protocol';
import fc from 'fast-check';
import { expect } from 'vitest';
import { OpenFace, type FaceAnswer } from './open-face.ts';
import { PlayedHistory, scripts } from './played-history.ts';

/** Histories that a test has time for; each was played by four servers. */
const HISTORIES = 6;

/** Of whom and of what, what was answered, and what the naive history says. */
export type Compared = readonly [about: string, answered: unknown, expected: unknown];

export const REFUSED = '403 M_FORBIDDEN';
export const UNKNOWN = '404 M_NOT_FOUND';

/** What is read of an answer, or how it was refused. */
export function shownBy<T>(
  { status, body }: FaceAnswer,
  read: (body: JsonObject) => T,
): T | string {
  return status === 200 ? read(body) : `${status} ${body['errcode'] as string}`;
}

export function idsOf(events: JsonValue | undefined): readonly string[] {
  return ((events ?? []) as readonly JsonObject[]).map((event) => event['event_id'] as string);
}

/** Plays histories, lets somebody ask for all of each, and holds every answer against what it must be. */
export function compareHistories(
  ask: (played: PlayedHistory, face: OpenFace) => AsyncIterable<Compared>,
): Promise<void> {
  const property = fc.asyncProperty(scripts, async (script) => {
    await using played = await PlayedHistory.play(script);
    const face = new OpenFace(played.ours);
    for await (const [about, answered, expected] of ask(played, face)) {
      expect([about, answered]).toEqual([about, expected]);
    }
    await face.close();
  });
  return fc.assert(property, propertyParameters(slowRuns(HISTORIES)));
}
