import type { DeviceId, UserId } from '@hansa/protocol';
import type {
  Account,
  AccountReader,
  AccountWriter,
  Device,
  Profile,
  Session,
} from '../ports/account-store.ts';
import { toAccount, toDevice } from './account-rows.ts';
import type { Recorder } from './part.ts';
import { text, type Rows } from './rows.ts';
import type { Queries } from './tables.ts';

const FIND_SESSION = 'SELECT user_id, device_id FROM sessions WHERE token_hash = ?';

export class SqlAccountReader implements AccountReader {
  readonly #rows: Rows;
  readonly #queries: Queries;

  constructor(rows: Rows, queries: Queries) {
    this.#rows = rows;
    this.#queries = queries;
  }

  async findAccount(userId: UserId): Promise<Account | undefined> {
    const row = await this.#queries
      .selectFrom('accounts')
      .selectAll()
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row === undefined ? undefined : toAccount(row);
  }

  async hasAdmin(): Promise<boolean> {
    const row = await this.#queries
      .selectFrom('accounts')
      .select('user_id')
      .where('admin', '=', 1)
      .where('deactivated_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async findProfile(userId: UserId): Promise<Profile | undefined> {
    const row = await this.#queries
      .selectFrom('profiles')
      .selectAll()
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return { displayName: row.display_name ?? undefined, avatarUrl: row.avatar_url ?? undefined };
  }

  async listDevices(userId: UserId): Promise<readonly Device[]> {
    const rows = await this.#queries
      .selectFrom('devices')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('device_id')
      .execute();
    return rows.map(toDevice);
  }

  async findDevice(userId: UserId, deviceId: DeviceId): Promise<Device | undefined> {
    const row = await this.#queries
      .selectFrom('devices')
      .selectAll()
      .where('user_id', '=', userId)
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    return row === undefined ? undefined : toDevice(row);
  }

  async findSession(tokenHash: Uint8Array): Promise<Session | undefined> {
    // Each request of a client asks this: kysely would build the text anew each time.
    const row = await this.#rows.first(FIND_SESSION, [tokenHash]);
    if (row === undefined) return undefined;
    return { userId: text(row, 'user_id') as UserId, deviceId: text(row, 'device_id') as DeviceId };
  }

  async findFilter(userId: UserId, filterId: string): Promise<string | undefined> {
    const row = await this.#queries
      .selectFrom('filters')
      .select('json')
      .where('user_id', '=', userId)
      .where('filter_id', '=', filterId)
      .executeTakeFirst();
    return row?.json;
  }
}

export class SqlAccountWriter implements AccountWriter {
  readonly #part: Recorder;
  readonly #queries: Queries;

  constructor(part: Recorder, queries: Queries) {
    this.#part = part;
    this.#queries = queries;
  }

  insertAccount(account: Account): void {
    this.#part.recordQuery(
      this.#queries
        .insertInto('accounts')
        .values({
          user_id: account.userId,
          password_hash: account.passwordHash ?? null,
          admin: Number(account.admin),
          created_at: account.createdAt,
          deactivated_at: account.deactivatedAt ?? null,
        })
        .compile(),
    );
  }

  setProfile(userId: UserId, { displayName, avatarUrl }: Profile): void {
    const columns = { display_name: displayName ?? null, avatar_url: avatarUrl ?? null };
    this.#part.recordQuery(
      this.#queries
        .insertInto('profiles')
        .values({ user_id: userId, ...columns })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(columns))
        .compile(),
    );
  }

  putDevice({ userId, deviceId, displayName, createdAt }: Device): void {
    this.#deleteSessions(userId, deviceId);
    const columns = { display_name: displayName ?? null, created_at: createdAt };
    this.#part.recordQuery(
      this.#queries
        .insertInto('devices')
        .values({ user_id: userId, device_id: deviceId, ...columns })
        .onConflict((conflict) => conflict.columns(['user_id', 'device_id']).doUpdateSet(columns))
        .compile(),
    );
  }

  renameDevice(userId: UserId, deviceId: DeviceId, displayName: string): void {
    this.#part.recordQuery(
      this.#queries
        .updateTable('devices')
        .set({ display_name: displayName })
        .where('user_id', '=', userId)
        .where('device_id', '=', deviceId)
        .compile(),
    );
  }

  deleteDevice(userId: UserId, deviceId: DeviceId): void {
    this.#deleteSessions(userId, deviceId);
    this.#part.recordQuery(
      this.#queries
        .deleteFrom('devices')
        .where('user_id', '=', userId)
        .where('device_id', '=', deviceId)
        .compile(),
    );
  }

  deleteAllDevices(userId: UserId): void {
    for (const table of ['sessions', 'devices'] as const) {
      this.#part.recordQuery(
        this.#queries.deleteFrom(table).where('user_id', '=', userId).compile(),
      );
    }
  }

  insertSession(session: Parameters<AccountWriter['insertSession']>[0]): void {
    this.#part.recordQuery(
      this.#queries
        .insertInto('sessions')
        .values({
          token_hash: session.tokenHash,
          user_id: session.userId,
          device_id: session.deviceId,
          created_at: session.createdAt,
        })
        .compile(),
    );
  }

  putFilter(userId: UserId, filterId: string, json: string): void {
    this.#part.recordQuery(
      this.#queries
        .insertInto('filters')
        .values({ user_id: userId, filter_id: filterId, json })
        .onConflict((conflict) => conflict.doNothing())
        .compile(),
    );
  }

  #deleteSessions(userId: UserId, deviceId: DeviceId): void {
    this.#part.recordQuery(
      this.#queries
        .deleteFrom('sessions')
        .where('user_id', '=', userId)
        .where('device_id', '=', deviceId)
        .compile(),
    );
  }
}
