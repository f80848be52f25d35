import { expect, it } from 'vitest';
import { roomCreation, say, stateOf } from './testing/rooms.ts';
import { TestNetwork } from './testing/test-network.ts';

it('lets a user whose server is in the room answer an invite at once', async () => {
  const network = new TestNetwork();
  const one = await network.addServer('one.example');
  const two = await network.addServer('two.example');
  const three = await network.addServer('three.example');
  const creator = one.user('alice');
  const creation = roomCreation(creator, {
    joinRule: 'invite',
    powerLevels: { invite: 0 },
  });
  const roomId = await one.engine.createRoom(creation);
  const enter = async (userId: ReturnType<typeof one.user>, server: typeof one) => {
    await server.engine.join({ roomId, userId, via: [one.name], content: {} });
  };
  for (const [server, name] of [
    [two, 'bob'],
    [three, 'thea'],
  ] as const) {
    const target = server.user(name);
    await one.engine.invite({ roomId, sender: creator, target, content: {} });
    await enter(target, server);
    await network.settle();
  }
  const carol = three.user('carol');
  await one.engine.invite({ roomId, sender: creator, target: carol, content: {} });
  await enter(carol, three);
  const dave = three.user('dave');
  await two.engine.invite({ roomId, sender: two.user('bob'), target: dave, content: {} });
  await enter(dave, three);
  expect(await three.views.joinedUsers(roomId)).toEqual(expect.arrayContaining([carol, dave]));
  await network.settle();
  await say(three, roomId, 'dave', 'hello');
  await network.settle();
  for (const server of [one, two]) {
    expect(await server.views.joinedUsers(roomId)).toEqual(expect.arrayContaining([carol, dave]));
    expect(await stateOf(server, roomId)).toEqual(await stateOf(three, roomId));
  }
  await network.close();
});
