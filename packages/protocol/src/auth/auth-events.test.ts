import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomId } from '../identifiers/brand.ts';
import { verdictOf } from '../testing/judge.ts';
import type { RoomBuilder } from '../testing/room-builder.ts';
import { userId } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { type AuthEvent, checkAuthEvents } from './auth-events.ts';

/** Verdict on a message of bob, its auth events as they should be but for a change. */
function verdict(
  room: RoomBuilder,
  change: (entries: readonly AuthEvent[]) => readonly AuthEvent[] = (entries) => entries,
  create: AuthEvent | undefined = accepted(room.event('create')),
): string {
  const message = room.build({ type: 'm.room.message', sender: 'bob' });
  const entries = room.events.filter((event) => message.authEvents.includes(event.eventId));
  return verdictOf(checkAuthEvents(message, room.rules, change(entries.map(accepted)), create));
}

function accepted(event: RoomEvent): AuthEvent {
  return { event, rejected: false };
}

function rejected({ event }: AuthEvent): AuthEvent {
  return { event, rejected: true };
}

describe('auth events of an event', () => {
  it.each(allVersions)('[AUTH-3] version %s: those of an honest event are allowed', (version) => {
    const room = standardRoom(version);
    expect(verdict(room)).toBe('allowed');
    expect(verdict(room, (entries) => entries.toReversed())).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-3.1] version %s: one event a key', (version) => {
    const room = standardRoom(version);
    const older = room.event('e3');
    const newer = room.powerLevels('alice', older.content);
    expect(verdict(room, (entries) => [...entries, accepted(older)])).toBe('AUTH-3.1');
    expect(verdict(room, (entries) => [...entries, accepted(newer)])).toBe('AUTH-3.1');
  });

  it.each(allVersions)('[AUTH-3.2] version %s: what the selection names', (version) => {
    const room = standardRoom(version);
    const others = [
      room.state('alice', 'm.room.topic', '', { topic: 'plans' }),
      room.state('alice', 'm.room.power_levels', 'other'),
      room.event('e4'),
      room.message('bob'),
      room.send({ type: 'm.room.power_levels', sender: 'alice' }),
      room.join('carol'),
      room.send({ type: 'm.room.third_party_invite', sender: 'alice', stateKey: 'token' }),
    ];
    for (const other of others) {
      expect(verdict(room, (entries) => [...entries, accepted(other)])).toBe('AUTH-3.2');
    }
  });

  it.each(versionsFrom('12'))('[AUTH-3.2] version %s: not the create event', (version) => {
    const room = standardRoom(version);
    const create = accepted(room.event('create'));
    expect(verdict(room, (entries) => [...entries, create])).toBe('AUTH-3.2');
  });

  it.each(allVersions)('[AUTH-3.3] version %s: none that was rejected', (version) => {
    const room = standardRoom(version);
    const count = version === '12' ? 2 : 3;
    for (let at = 0; at < count; at += 1) {
      const change = (entries: readonly AuthEvent[]) =>
        entries.map((entry, index) => (index === at ? rejected(entry) : entry));
      expect(verdict(room, change)).toBe('AUTH-3.3');
    }
  });

  it.each(allVersions)('[AUTH-3.4] version %s: none of another room', (version) => {
    const room = standardRoom(version);
    const roomId = '!other:example.org' as RoomId;
    expect(
      verdict(room, (entries) =>
        entries.map(({ event }, at) => accepted(at === 0 ? { ...event, roomId } : event)),
      ),
    ).toBe('AUTH-3.4');
  });

  it.each(versionsThrough('11'))('[AUTHA-3] version %s: the create event is one', (version) => {
    const room = standardRoom(version);
    const change = (entries: readonly AuthEvent[]) =>
      entries.filter(({ event }) => event.type !== 'm.room.create');
    expect(verdict(room, change)).toBe('AUTHA-3');
    expect(verdict(room, () => [])).toBe('AUTHA-3');
  });

  it.each(allVersions)(
    '[AUTH-3] version %s: an event that names fewer is not refused',
    (version) => {
      const room = standardRoom(version);
      const change = (entries: readonly AuthEvent[]) =>
        entries.filter(({ event }) => event.type !== 'm.room.power_levels');
      expect(verdict(room, change)).toBe('allowed');
    },
  );
});

describe('the create event that a room id names', () => {
  it.each(versionsFrom('12'))('[AUTH-2] version %s: an accepted one', (version) => {
    const room = standardRoom(version);
    const create = room.event('create');
    const member = { ...create, type: 'm.room.member', stateKey: userId('alice') };
    const other = { ...create, eventId: room.eventId('other') };
    expect(verdict(room)).toBe('allowed');
    for (const wrong of [rejected(accepted(create)), accepted(member), accepted(other)]) {
      expect(verdict(room, undefined, wrong)).toBe('AUTH-2');
    }
    const message = room.message('bob');
    expect(verdictOf(checkAuthEvents(message, room.rules, []))).toBe('AUTH-2');
  });

  it.each(versionsThrough('11'))('[AUTH-2] version %s: a room id names none', (version) => {
    const room = standardRoom(version);
    expect(verdict(room, undefined, rejected(accepted(room.event('create'))))).toBe('allowed');
  });
});
