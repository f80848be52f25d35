import { buildEvent, getRoomVersion, hashAndSignEvent } from '@hansa/protocol';
import type { EventId, EventTemplate, JsonObject, RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastEvent } from './testing/forge.ts';
import { bodies, say, stateOf } from './testing/rooms.ts';
import { sharedRoom } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two] = await network.addServers('one.example', 'two.example');
});
afterEach(() => network.close());

/** By mallory of the server that the room is named after, who is to have made a room that is there already. */
function secondCreate(version: RoomVersionId, roomId: RoomId, parents: readonly EventId[]) {
  const rules = getRoomVersion(version);
  const mallory = one.user('mallory');
  const named = rules.roomIdFormat === 'opaque-with-domain';
  const template: EventTemplate = {
    type: 'm.room.create',
    stateKey: '',
    sender: mallory,
    content: {
      room_version: version,
      ...(rules.auth.createNeedsCreator ? { creator: mallory } : {}),
    },
    ...(named ? { roomId } : {}),
    prevEvents: parents,
    authEvents: [],
    depth: parents.length === 0 ? 1 : 50,
    originServerTs: 1,
  };
  const json: JsonObject = { ...buildEvent(template, rules), room_id: roomId };
  return hashAndSignEvent(json, rules, one.name, one.key);
}

describe.each<RoomVersionId>(['6', '11', '12'])('a room of version %s', (version) => {
  it.each([
    ['beside the first', false],
    ['after all others', true],
  ])('[SEC-13] has no second create event %s', async (_where, isLast) => {
    const roomId = await sharedRoom(network, one, [[two, 'bob']], { version });
    const before = await stateOf(two, roomId);
    const parents = isLast ? [await lastEvent(one, roomId)] : [];
    const answers = await two.engine.receive(one.name, [secondCreate(version, roomId, parents)]);
    expect([...answers.values()]).toEqual([{ error: expect.any(String) as string }]);
    await network.settle();
    expect(await stateOf(two, roomId)).toEqual(before);
    await say(two, roomId, 'bob', 'as before');
    await network.settle();
    expect(await bodies(one, roomId)).toEqual(['as before']);
    expect(await stateOf(two, roomId)).toEqual(before);
  });
});
