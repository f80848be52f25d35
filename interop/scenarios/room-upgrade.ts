import { requireSame } from '@hansa/testkit';
import { talk } from './messages.ts';
import { agreeOnState, isForbidden, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { sees, seesMembership } from './sees.ts';

const OLD_VERSION = '11';

export const roomUpgrade: Scenario = {
  title: 'a room is upgraded, and people follow from the old one to the new',
  async run(stage) {
    const { home, host, guest, tag, roomVersion } = stage;
    const old = await sharedPublicRoom({ ...stage, roomVersion: OLD_VERSION });
    const { replacement_room: room } = await host.http.request<{ replacement_room: string }>(
      'POST',
      `/_matrix/client/v3/rooms/${encodeURIComponent(old)}/upgrade`,
      { new_version: roomVersion },
    );
    const replacement = () =>
      guest.room(old).state('m.room.tombstone')?.content['replacement_room'];
    await sees(guest, 'the replacement', replacement, room);
    const isRetired = () =>
      Number(guest.room(old).state('m.room.power_levels')?.content['events_default']) > 0;
    await sees(guest, 'that nobody may speak in the old room', isRetired, true);
    await isForbidden('a word in the old room', guest.sendText(old, 'Anybody here?'));

    requireSame(
      'where the alias leads',
      await guest.join(`#public-${tag}:${home.serverName}`),
      room,
    );
    await seesMembership(host, room, guest.userId, 'join');
    const create = (await guest.state(room)).find(({ type }) => type === 'm.room.create')?.content;
    requireSame('the version', create?.['room_version'], roomVersion);
    const predecessor = create?.['predecessor'] as { room_id?: string } | undefined;
    requireSame('the predecessor', predecessor?.room_id, old);
    await talk(room, [host, guest], 'upgraded');
    await agreeOnState(room, host, guest);
  },
};
