import { requireSame, type MatrixClient } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { answers, sees } from './sees.ts';

export const profile: Scenario = {
  title: 'profiles are asked for, and their changes are seen in a room',
  async run(stage) {
    const { host, guest, home, tag } = stage;
    const first = { displayname: `Ada ${tag}`, avatar_url: `mxc://${home.serverName}/ada-1` };
    await setProfile(host, first);
    await answers(guest, 'the profile', () => ask(guest, host.userId), first);
    await isUnknown(guest, `@nobody-${tag}:${home.serverName}`);

    const room = await sharedPrivateRoom(stage);
    for (const [one, other] of [[host, guest] as const, [guest, host] as const]) {
      const second = { displayname: `Renamed ${one.userId}`, avatar_url: `${first.avatar_url}-2` };
      await setProfile(one, second);
      const shown = () => {
        const content = other.room(room).state('m.room.member', one.userId)?.content;
        return { displayname: content?.['displayname'], avatar_url: content?.['avatar_url'] };
      };
      await sees(other, `the profile of ${one.userId} in the room`, shown, second);
    }
  },
};

const API = '/_matrix/client/v3/profile';

async function setProfile(who: MatrixClient, fields: Readonly<Record<string, string>>) {
  for (const [field, value] of Object.entries(fields)) {
    const path = `${API}/${encodeURIComponent(who.userId)}/${field}`;
    await who.http.request('PUT', path, { [field]: value });
  }
}

async function ask(who: MatrixClient, about: string): Promise<unknown> {
  return who.http.request('GET', `${API}/${encodeURIComponent(about)}`);
}

async function isUnknown(who: MatrixClient, about: string): Promise<void> {
  const { status, body } = await who.http.exchange('GET', `${API}/${encodeURIComponent(about)}`);
  requireSame(`the profile of ${about}`, [status, body['errcode']], [404, 'M_NOT_FOUND']);
}
