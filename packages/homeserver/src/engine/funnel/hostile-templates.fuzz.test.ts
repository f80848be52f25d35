import { RemoteServerError } from '@hansa/net';
import {
  buildEvent,
  createSigningKey,
  getRoomVersion,
  member,
  NumberLiteral,
  SUPPORTED_ROOM_VERSIONS,
  type EventId,
  type JsonObject,
  type JsonValue,
  type RoomId,
  type RoomVersionRules,
  type ServerName,
  type UserId,
} from '@hansa/protocol';
import { mutatedJson } from '@hansa/protocol/testing/mutated-json';
import { fuzzParameters } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { ServerAcls } from '../server-acls.ts';
import { CountedRandom } from '../testing/counted-random.ts';
import { EndlessTurns } from '../testing/endless-turns.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { notingKey } from '../testing/noting-key.ts';
import { signFromTemplate, type OwnMembership } from './sign-template.ts';

const OURS = 'ours.example' as ServerName;
const RESIDENT = 'resident.example' as ServerName;
const USER = `@ada:${OURS}` as UserId;
const SEED_BYTES = 32;
const HASH = 'h'.repeat(43);

const memberships = ['join', 'leave', 'knock'] as const;
/** What an event of ours may have, and of these a template says only the last three. */
const FIELDS = new Set(
  'type room_id sender state_key content origin_server_ts event_id hashes depth prev_events auth_events'.split(
    ' ',
  ),
);

function ownIn(rules: RoomVersionRules, membership: OwnMembership['membership']): OwnMembership {
  const opaque = rules.roomIdFormat === 'opaque-with-domain';
  const roomId = (opaque ? `!room:${RESIDENT}` : `!${HASH}`) as RoomId;
  return { roomId, userId: USER, membership, content: { displayname: 'Ada' } };
}

/** What an honest server would give. */
function honestTemplate(rules: RoomVersionRules, own: OwnMembership): JsonObject {
  const given = rules.eventIdFormat === 'given';
  const parents = ['a', 'b'].map((name) =>
    given ? `$${name}:${RESIDENT}` : `$${name.repeat(43)}`,
  ) as EventId[];
  return buildEvent(
    {
      type: 'm.room.member',
      sender: own.userId,
      stateKey: own.userId,
      roomId: own.roomId,
      content: {
        membership: own.membership,
        join_authorised_via_users_server: `@mod:${RESIDENT}`,
      },
      prevEvents: parents,
      authEvents: parents,
      depth: 9,
      originServerTs: 1,
      referenceHashes: new Map(parents.map((eventId) => [eventId, HASH])),
      ...(given ? { eventId: `$x:${RESIDENT}` as EventId } : {}),
    },
    rules,
  );
}

const odd = (key: string, ...values: readonly JsonValue[]) =>
  fc.tuple(fc.constant(key), fc.constantFrom(...values));

const contentClaims = fc.oneof(
  odd('membership', 'ban', 'invite', ...memberships),
  odd('users', { [`@mod:${RESIDENT}`]: 100 }),
  odd('join_authorised_via_users_server', `@root:${OURS}`, '@third:third.example', RESIDENT, ''),
  odd('displayname', 'Root'),
  odd('third_party_invite', { signed: { mxid: USER, token: 't' } }),
);
const fieldClaims = fc.oneof(
  odd('type', 'm.room.power_levels', 'm.room.create'),
  odd('room_id', `!other:${RESIDENT}`, `!${'o'.repeat(43)}`),
  odd('sender', `@root:${OURS}`, `@mod:${RESIDENT}`),
  odd('state_key', `@root:${OURS}`, `@mod:${RESIDENT}`, ''),
  odd('origin_server_ts', 1),
  odd('redacts', `$${HASH}`),
  odd('unsigned', { prev_content: {} }),
  odd('signatures', { [OURS]: { 'ed25519:1': 'x' } }),
  odd('hashes', { sha256: HASH }),
  odd('origin', OURS),
);

/** What a hostile one puts in the place of that. */
const claims = fc
  .tuple(fc.array(fieldClaims, { maxLength: 2 }), fc.array(contentClaims, { maxLength: 2 }))
  .map(([fields, content]) => ({
    fields: Object.fromEntries(fields) as JsonObject,
    content: Object.fromEntries(content) as JsonObject,
  }));

const questions = fc
  .record({
    rules: fc.constantFrom(...SUPPORTED_ROOM_VERSIONS).map(getRoomVersion),
    membership: fc.constantFrom(...memberships),
  })
  .map(({ rules, membership }) => ({ rules, own: ownIn(rules, membership) }));

const hostile = questions.chain(({ rules, own }) => {
  const honest = honestTemplate(rules, own);
  const said = honest['content'] as JsonObject;
  return fc
    .oneof(
      mutatedJson([honest]),
      claims.map(({ fields, content }) => ({
        ...honest,
        ...fields,
        content: { ...said, ...content },
      })),
    )
    .map((event) => ({ rules, own, event }));
});

it('[SEC-05] signs nothing by a hostile template but our own user’s membership in that room', () => {
  const signed: JsonObject[] = [];
  const time = new ManualTime();
  const env = {
    serverName: OURS,
    signingKey: notingKey(createSigningKey('1', new Uint8Array(SEED_BYTES)), (json) =>
      signed.push(json),
    ),
    clock: time,
    random: new CountedRandom('templates'),
    turns: new EndlessTurns(),
    limits: DEFAULT_LIMITS,
    acls: new ServerAcls(),
  };
  fc.assert(
    fc.property(hostile, ({ rules, own, event }) => {
      signed.length = 0;
      try {
        const { json } = signFromTemplate(env, RESIDENT, { rules, event }, own);
        const { join_authorised_via_users_server: by, ...content } = json['content'] as JsonObject;
        expect(content).toEqual({ ...own.content, membership: own.membership });
        expect([undefined, `@mod:${RESIDENT}`]).toContain(by);
      } catch (error) {
        if (!(error instanceof RemoteServerError)) throw error;
      }
      for (const json of signed) {
        expect(json).toMatchObject({
          type: 'm.room.member',
          room_id: own.roomId,
          sender: USER,
          state_key: USER,
          content: { membership: own.membership },
        });
        expect(Object.keys(json).filter((key) => !FIELDS.has(key))).toEqual([]);
        expect(Number.isInteger(json['depth']) || json['depth'] instanceof NumberLiteral).toBe(
          true,
        );
        const by = member(json['content'] as JsonObject, 'join_authorised_via_users_server');
        expect([undefined, `@mod:${RESIDENT}`]).toContain(by);
      }
    }),
    fuzzParameters(),
  );
});
