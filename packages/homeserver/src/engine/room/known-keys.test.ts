import type { EventId } from '@hansa/protocol';
import type { StateKey, StateRef } from '@hansa/storage';
import { describe, expect, it } from 'vitest';
import { KnownKeys } from './known-keys.ts';

const LEVELS: StateKey = ['m.room.power_levels', ''];
const ADA: StateKey = ['m.room.member', '@ada:a.test'];
const TOPIC: StateKey = ['m.room.topic', ''];
const now: StateRef = { timeline: 1, at: 5 };

/** What the store has, and what it was asked for. */
function store(events: Readonly<Record<string, string>>) {
  const asked: StateKey[] = [];
  const ask = async (keys: readonly StateKey[]) => {
    asked.push(...keys);
    return keys.map(([type]) => events[type] as EventId | undefined);
  };
  return { asked, ask };
}

describe('what is known of states', () => {
  it('is asked for once, also where a state has no such key', async () => {
    const known = new KnownKeys();
    const { asked, ask } = store({ 'm.room.power_levels': '$levels', 'm.room.member': '$ada' });
    expect(await known.find(now, [LEVELS, TOPIC], ask)).toEqual(['$levels', undefined]);
    expect(await known.find(now, [TOPIC, ADA, LEVELS], ask)).toEqual([
      undefined,
      '$ada',
      '$levels',
    ]);
    expect(asked).toEqual([LEVELS, TOPIC, ADA]);
  });

  it('is that of one state alone', async () => {
    const known = new KnownKeys();
    await known.find(now, [LEVELS], store({ 'm.room.power_levels': '$old' }).ask);
    const next = { timeline: 1, at: 6 };
    const { ask } = store({ 'm.room.power_levels': '$new' });
    expect(await known.find(next, [LEVELS], ask)).toEqual(['$new']);
    expect(await known.find(now, [LEVELS], ask)).toEqual(['$old']);
  });

  it('is forgotten from where a timeline gets a row', async () => {
    const known = new KnownKeys();
    const before = store({ 'm.room.power_levels': '$old' });
    const elsewhere = { timeline: 2, at: 9 };
    for (const ref of [now, { timeline: 1, at: 4 }, elsewhere]) {
      await known.find(ref, [LEVELS], before.ask);
    }
    known.forget(1, 5);
    const { asked, ask } = store({ 'm.room.power_levels': '$new' });
    expect(await known.find(now, [LEVELS], ask)).toEqual(['$new']);
    expect(await known.find({ timeline: 1, at: 4 }, [LEVELS], ask)).toEqual(['$old']);
    expect(await known.find(elsewhere, [LEVELS], ask)).toEqual(['$old']);
    expect(asked).toEqual([LEVELS]);
  });

  it('is bounded, in states and in keys', async () => {
    const known = new KnownKeys();
    const { asked, ask } = store({ 'm.room.member': '$ada' });
    const members = Array.from({ length: 1_500 }, (_, n): StateKey => ['m.room.member', `@${n}`]);
    expect((await known.find(now, members, ask)).every((id) => id === '$ada')).toBe(true);
    await known.find(now, members, ask);
    expect(asked.length).toBe(2_000);
    for (let at = 6; at < 20; at += 1) await known.find({ timeline: 1, at }, [ADA], ask);
    asked.length = 0;
    await known.find(now, [ADA], ask);
    expect(asked).toEqual([ADA]);
  });
});
