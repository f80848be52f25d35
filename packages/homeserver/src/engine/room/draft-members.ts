import type { RoomId, UserId } from '@hansa/protocol';
import type { Membership, NewMember, RoomReader, Writers } from '@hansa/storage';

type Write = (write: (writers: Writers) => void) => void;

/** A room's members by its current state, over those that are stored. */
export class DraftMembers {
  readonly #roomId: RoomId;
  readonly #stored: Pick<RoomReader, 'listMembers'>;
  readonly #write: Write;
  readonly #drafted = new Map<UserId, Membership | undefined>();

  constructor(roomId: RoomId, stored: Pick<RoomReader, 'listMembers'>, write: Write) {
    this.#roomId = roomId;
    this.#stored = stored;
    this.#write = write;
  }

  async list(wanted: Membership): Promise<readonly UserId[]> {
    const stored = await this.#stored.listMembers(this.#roomId, wanted);
    const others = stored.filter((userId) => !this.#drafted.has(userId));
    const drafted = [...this.#drafted].filter(([, membership]) => membership === wanted);
    return [...others, ...drafted.map(([userId]) => userId)];
  }

  put(member: NewMember): void {
    this.#drafted.set(member.userId, member.membership);
    this.#write(({ rooms }) => rooms.putMember(member));
  }

  delete(userId: UserId): void {
    this.#drafted.set(userId, undefined);
    this.#write(({ rooms }) => rooms.deleteMember(this.#roomId, userId));
  }
}
