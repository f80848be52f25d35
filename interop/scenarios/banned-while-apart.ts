import { registerAt } from '../peer.ts';
import { hears, seesMembership } from './sees.ts';
import { talk } from './messages.ts';
import { agreeOnState, moderate, promote, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { requireSame } from '@hansa/testkit';

const MODERATOR = 50;

export const bannedWhileApart: Scenario = {
  title: 'what a moderator does while apart does not outlast the ban that they did not know of',
  async run(stage) {
    const { home, away, host, guest, tag } = stage;
    const room = await sharedPublicRoom(stage);
    const witness = await registerAt(away, `witness-${tag}`);
    await witness.join(`#public-${tag}:${home.serverName}`);
    await seesMembership(host, room, witness.userId, 'join');
    await promote(host, room, guest, MODERATOR);

    await away.stop();
    await host.setState(room, 'm.room.topic', { topic: 'of the host' });
    await moderate(host, 'ban', room, guest.userId);
    await home.stop();
    await away.resume();
    await guest.setState(room, 'm.room.topic', { topic: 'of the banned' });
    const unheard = await guest.sendText(room, 'said by somebody banned');
    await hears(witness, room, unheard);
    await home.resume();

    await talk(room, [host, witness], 'together again');
    await seesMembership(witness, room, guest.userId, 'ban');
    await agreeOnState(room, host, witness);
    const topic = (await host.state(room)).find(({ type }) => type === 'm.room.topic');
    requireSame('the topic', topic?.content, { topic: 'of the host' });
    const heard = host.room(room).timeline.some(({ event_id }) => event_id === unheard);
    requireSame('whether the host heard the banned', heard, false);
  },
};
