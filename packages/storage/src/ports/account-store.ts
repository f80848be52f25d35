import type { DeviceId, UserId } from '@hansa/protocol';

export interface Account {
  readonly userId: UserId;
  /** argon2id in PHC form; undefined where the account cannot log in by password. */
  readonly passwordHash: string | undefined;
  readonly admin: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly deactivatedAt: number | undefined;
}

export interface Profile {
  readonly displayName: string | undefined;
  readonly avatarUrl: string | undefined;
}

export interface Device {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly displayName: string | undefined;
  readonly createdAt: number;
}

/** Tokens are kept as SHA-256 of their text, never as they are. */
export interface Session {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

export interface AccountReader {
  findAccount(userId: UserId): Promise<Account | undefined>;
  /** One that is not deactivated. */
  hasAdmin(): Promise<boolean>;
  findProfile(userId: UserId): Promise<Profile | undefined>;
  listDevices(userId: UserId): Promise<readonly Device[]>;
  findDevice(userId: UserId, deviceId: DeviceId): Promise<Device | undefined>;
  findSession(tokenHash: Uint8Array): Promise<Session | undefined>;
  /** The filter's JSON text. */
  findFilter(userId: UserId, filterId: string): Promise<string | undefined>;
}

export interface AccountWriter {
  /** The part fails with `ConflictError` where the account exists. */
  insertAccount(account: Account): void;
  setProfile(userId: UserId, profile: Profile): void;
  /** Replaces the device of that id, and removes its sessions. */
  putDevice(device: Device): void;
  /** Its sessions stay; nothing where there is no such device. */
  renameDevice(userId: UserId, deviceId: DeviceId, displayName: string): void;
  /** And its sessions; nothing where there is no such device. */
  deleteDevice(userId: UserId, deviceId: DeviceId): void;
  deleteAllDevices(userId: UserId): void;
  insertSession(
    session: Session & { readonly tokenHash: Uint8Array; readonly createdAt: number },
  ): void;
  /** Idempotent: the id is derived by the caller from the content. */
  putFilter(userId: UserId, filterId: string, json: string): void;
}
