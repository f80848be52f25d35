import { SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import type { Profile } from '../profile.ts';
import type { Draws } from '../world/draws.ts';
import type { World } from '../world/world.ts';
import { createRoom, pickDeed } from './deeds.ts';
import type { Deed } from './deed.ts';
import { join, knock, resolveNames } from './door-deeds.ts';
import { upload } from './file-deeds.ts';
import { KnownThings } from './known-things.ts';
import type { KnownRoom } from './known-things.ts';
import type { Person } from './person.ts';
import { say } from './room-deeds.ts';

interface Setting {
  readonly world: World;
  readonly people: readonly Person[];
  readonly draws: Draws;
  readonly profile: Profile;
  /** Told of what a deed threw: nothing that a person does may. */
  readonly report: (problem: string) => void;
}

const ENTER = [
  { name: 'join', act: join },
  { name: 'join', act: join },
  { name: 'join', act: join },
  { name: 'knock', act: knock },
];
const FAVOURITES = ['12', '12', '11', '10'];

const RETRIED_AFTER_MS = 20_000;

/** What people do: rooms that are made while all is well, and deeds at times of the seed's choice. */
export class Workload {
  readonly known = new KnownThings();
  readonly #setting: Setting;
  readonly #draws: Draws;
  #underWay = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#draws = setting.draws.of('workload');
  }

  /** Deeds that are not through. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Makes the rooms, and lets some people in. */
  async prepare(): Promise<void> {
    const { people, profile } = this.#setting;
    for (let n = 0; n < profile.rooms; n += 1) {
      const room = await this.#create(this.#draws.pick(people));
      if (room === undefined) throw new Error('no room could be made while all was well');
      for (const who of people) {
        if (this.#draws.chance(0.7)) await join(this.#deed(who, room));
      }
    }
  }

  /** Sets all deeds for their times. */
  begin(): void {
    const { world, profile } = this.#setting;
    for (let n = 0; n < profile.deeds; n += 1) {
      world.after(this.#draws.below(profile.lengthMs), `deed ${n}`, () => this.#act());
    }
  }

  /** Everybody says something in every room. */
  async closingWords(): Promise<void> {
    const { people } = this.#setting;
    for (const room of this.known.rooms) {
      for (const who of people) {
        if (who.reader.rooms.has(room.roomId)) await say(this.#deed(who, room));
      }
    }
  }

  /** Everybody of these finds what somebody was told to be there: rooms by their names, and files. */
  async findAll(seekers: readonly Person[]): Promise<readonly string[]> {
    const { world } = this.#setting;
    const wrong: string[] = [];
    for (const who of seekers) wrong.push(...(await resolveNames({ who, known: this.known })));
    for (const who of seekers) {
      for (const address of this.known.files) {
        // One that could not be had is asked for again some seconds later, and no sooner.
        let answer = await who.client.download(address);
        if (answer?.status !== 200) {
          await world.pause(RETRIED_AFTER_MS, `${who.client.userId} tries again`);
          answer = await who.client.download(address);
        }
        if (answer?.status === 200) continue;
        const instead = `${answer?.status} ${Buffer.from(answer?.body ?? []).toString()}`;
        wrong.push(`${who.client.userId} cannot get ${address}: ${instead}`);
      }
    }
    return wrong;
  }

  /** Somebody of this server sends it a file, if anybody is there. */
  uploadAt(server: string): void {
    const there = this.#setting.people.filter(({ client }) => client.server === server);
    const [who, room] = [this.#draws.pick(there), this.#draws.pick(this.known.rooms)];
    this.#follow(upload(this.#deed(who, room)), `${who.client.userId} uploads`);
  }

  #deed(who: Person, room: KnownRoom): Deed {
    return {
      who,
      room,
      people: this.#setting.people,
      known: this.known,
      draws: this.#draws,
    };
  }

  #act(): void {
    const { people, world } = this.#setting;
    const who = this.#draws.pick(people);
    if (this.#draws.chance(0.02)) {
      this.#follow(this.#create(who), `${who.client.userId} creates`);
      return;
    }
    const room = this.#draws.pick(this.known.rooms);
    const isIn = who.reader.rooms.has(room.roomId);
    const drawn = pickDeed(this.#draws);
    // Who is outside can do little, and mostly comes in.
    const { name, act } = isIn || this.#draws.chance(0.2) ? drawn : this.#draws.pick(ENTER);
    const what = `${who.client.userId} ${name} ${room.roomId}`;
    world.note(what);
    this.#follow(act(this.#deed(who, room)), what);
  }

  #follow(deed: Promise<unknown>, what: string): void {
    this.#underWay += 1;
    deed
      .catch((error: unknown) => this.#setting.report(`${what}: ${String(error)}`))
      .finally(() => {
        this.#underWay -= 1;
      });
  }

  async #create(who: Person): Promise<KnownRoom | undefined> {
    const { people } = this.#setting;
    const version = this.#draws.chance(0.6)
      ? this.#draws.pick(FAVOURITES)
      : this.#draws.pick(SUPPORTED_ROOM_VERSIONS);
    const others = people.filter((each) => each !== who).map(({ client }) => client.userId);
    const trusted = others.filter(() => this.#draws.chance(0.4));
    const roomId = await createRoom(who, {
      preset: this.#draws.pick(['public_chat', 'public_chat', 'private_chat']),
      room_version: version,
      name: 'Room',
      invite: others.filter(() => this.#draws.chance(0.3)),
      ...(trusted.length > 0 && {
        power_level_content_override: {
          users: {
            ...(version === '12' ? {} : { [who.client.userId]: 100 }),
            ...Object.fromEntries(trusted.map((userId) => [userId, this.#draws.pick([50, 100])])),
          },
        },
      }),
    });
    if (roomId === undefined) return undefined;
    const further = others.map((userId) => userId.split(':')[1] ?? '');
    const room = {
      roomId,
      version,
      via: [...new Set([who.client.server, ...this.#draws.shuffled(further)])],
    };
    this.known.rooms.push(room);
    return room;
  }
}
