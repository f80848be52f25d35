import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomId } from '../identifiers/brand.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { verdictOf } from '../testing/judge.ts';
import { RoomBuilder } from '../testing/room-builder.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { checkAuthEvents } from './auth-events.ts';

function createOf(version: RoomVersionId, content: JsonObject = {}) {
  const room = new RoomBuilder(version);
  return { room, create: room.create('alice', content) };
}

function verdict({ room, create }: ReturnType<typeof createOf>, change: Partial<RoomEvent> = {}) {
  return verdictOf(checkAuthEvents({ ...create, ...change }, room.rules, []));
}

describe('m.room.create', () => {
  it.each(allVersions)('[AUTH-1.5] version %s: a sound one is allowed', (version) => {
    expect(verdict(createOf(version))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-1.1] version %s: nothing comes before it', (version) => {
    const { room, create } = createOf(version);
    const prevEvents = [room.eventId('other')];
    expect(verdict({ room, create }, { prevEvents })).toBe('AUTH-1.1');
  });

  it.each(versionsFrom('12'))('[AUTH-1.2] version %s: it has no room id of its own', (version) => {
    const roomId = '!other' as RoomId;
    expect(verdict(createOf(version), { roomId })).toBe('AUTH-1.2');
    expect(verdict(createOf(version), { roomId: '!create:example.org' as RoomId })).toBe(
      'AUTH-1.2',
    );
  });

  it.each(versionsThrough('11'))(
    "[AUTHA-1] version %s: the room id is of the sender's server",
    (version) => {
      expect(verdict(createOf(version), { roomId: '!room:other.example' as RoomId })).toBe(
        'AUTHA-1',
      );
      expect(verdict(createOf(version), { roomId: '!room' as RoomId })).toBe('AUTHA-1');
    },
  );

  it.each(allVersions)('[AUTH-1.3] version %s: the version is one that we know', (version) => {
    for (const known of allVersions) {
      expect(verdict(createOf(version, { room_version: known }))).toBe('allowed');
    }
    const unknown: JsonValue[] = [
      '13',
      'org.example',
      '',
      ' 1',
      '__proto__',
      1,
      12,
      null,
      ['1'],
      {},
    ];
    for (const room_version of unknown) {
      expect(verdict(createOf(version, { room_version }))).toBe('AUTH-1.3');
    }
  });

  it.each(allVersions)('[AUTH-1.3] version %s: no version is one, too', (version) => {
    const { room, create } = createOf(version);
    const { room_version: _, ...content } = create.content;
    expect(verdict({ room, create }, { content })).toBe('allowed');
  });

  it.each(versionsThrough('10'))('[AUTHA-2] version %s: it names the creator', (version) => {
    const { room, create } = createOf(version);
    const { creator: _, ...content } = create.content;
    expect(verdict({ room, create }, { content })).toBe('AUTHA-2');
    expect(verdict({ room, create }, { content: { ...content, creator: null } })).toBe('allowed');
  });

  it.each(versionsFrom('11'))('[AUTHA-2] version %s: its sender is the creator', (version) => {
    expect(createOf(version).create.content).not.toHaveProperty('creator');
    expect(verdict(createOf(version))).toBe('allowed');
  });

  const malformed: JsonValue[] = [
    null,
    '@bob:example.org',
    {},
    [1],
    [null],
    ['bob'],
    ['@bob'],
    ['@bob:'],
    ['@bob:example.org', '#bob:example.org'],
    ['@bob:example.org', ['@carol:example.org']],
    [`@${'b'.repeat(255)}:example.org`],
  ];

  it.each(versionsFrom('12'))('[AUTH-1.4] version %s: more creators are user ids', (version) => {
    for (const additional_creators of malformed) {
      expect(verdict(createOf(version, { additional_creators }))).toBe('AUTH-1.4');
    }
    for (const additional_creators of [[], ['@bob:example.org', '@Böb !:a.example:8448', '@:b']]) {
      expect(verdict(createOf(version, { additional_creators }))).toBe('allowed');
    }
  });

  it.each(versionsThrough('11'))('[AUTH-1.4] version %s: they mean nothing', (version) => {
    for (const additional_creators of malformed) {
      expect(verdict(createOf(version, { additional_creators }))).toBe('allowed');
    }
  });
});
