import { Buffer } from 'node:buffer';
import type { Clock, Random } from '@hansa/net';
import { createUserId, type DeviceId, type ServerName, type UserId } from '@hansa/protocol';
import {
  ConflictError,
  type AccountReader,
  type Session,
  type Store,
  type Writers,
} from '@hansa/storage';
import { forbidden, invalidUsername, MatrixError, unknownToken } from '../matrix-error.ts';
import { hashToken, newAccessToken } from './access-token.ts';
import { KnownSessions } from './known-sessions.ts';
import { LoginLimit } from './login-limit.ts';
import type { PasswordHasher } from './password-hasher.ts';

export interface Registration {
  readonly localpart: string;
  readonly password: string;
  readonly admin?: boolean;
  /** The localpart unless given. */
  readonly displayName?: string | undefined;
}

export interface DeviceRequest {
  readonly deviceId?: DeviceId | undefined;
  readonly displayName?: string | undefined;
}

export interface Credentials {
  /** Localpart or whole user id. */
  readonly user: string;
  readonly password: string;
  /** IP address that the attempt comes from. */
  readonly remoteAddress: string;
}

export interface Login extends Credentials {
  readonly device: DeviceRequest;
}

export interface LoggedIn extends Session {
  readonly accessToken: string;
}

interface AccountsPorts {
  readonly store: Pick<Store, 'transact'> & {
    readonly readers: { readonly accounts: AccountReader };
  };
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: PasswordHasher;
  readonly serverName: ServerName;
}

const DEVICE_ID_BYTES = 8;
/** Stands for every name that no account can have: what a stranger sends, of whatever size, is not remembered. */
const NO_ACCOUNT = '';

/** Local accounts, their devices, and the tokens by which a device proves itself. */
export class Accounts {
  readonly #ports: AccountsPorts;
  readonly #limit: LoginLimit;
  readonly #sessions = new KnownSessions();
  /** Compared where there is no account, so that an absent one answers no faster than a wrong password. */
  #decoyHash: Promise<string> | undefined;

  constructor(ports: AccountsPorts) {
    this.#ports = ports;
    this.#limit = new LoginLimit(ports.clock);
  }

  /** @throws MatrixError `M_INVALID_USERNAME`, `M_USER_IN_USE` */
  async findFreeUserId(localpart: string): Promise<UserId> {
    const userId = createUserId(localpart.toLowerCase(), this.#ports.serverName);
    if (!userId.ok) throw invalidUsername(userId.reason);
    const account = await this.#ports.store.readers.accounts.findAccount(userId.value);
    if (account !== undefined) throw userInUse(userId.value);
    return userId.value;
  }

  /** @throws MatrixError `M_INVALID_USERNAME`, `M_USER_IN_USE` */
  async register(registration: Registration): Promise<UserId> {
    const { store, clock, passwords } = this.#ports;
    const userId = await this.findFreeUserId(registration.localpart);
    const passwordHash = await passwords.hash(registration.password);
    const createdAt = clock.now();
    try {
      await store.transact(({ accounts }) => {
        accounts.insertAccount({
          userId,
          passwordHash,
          admin: registration.admin ?? false,
          createdAt,
          deactivatedAt: undefined,
        });
        const { displayName = registration.localpart } = registration;
        accounts.setProfile(userId, { displayName, avatarUrl: undefined });
      });
    } catch (error) {
      if (error instanceof ConflictError) throw userInUse(userId);
      throw error;
    }
    return userId;
  }

  /** @throws MatrixError `M_FORBIDDEN`, the same for an unknown user and a wrong password; `M_LIMIT_EXCEEDED` */
  async logIn({ device, ...credentials }: Login): Promise<LoggedIn> {
    return this.openSession(await this.checkPassword(credentials), device);
  }

  /** Whose password it is. @throws MatrixError as `logIn` */
  async checkPassword({ user, password, remoteAddress }: Credentials): Promise<UserId> {
    const { store, passwords } = this.#ports;
    const userId = this.#findUserId(user);
    const attempt = this.#limit.begin(userId ?? NO_ACCOUNT, remoteAddress);
    const decoy = await this.#decoy();
    const account = userId && (await store.readers.accounts.findAccount(userId));
    const usable =
      account && account.deactivatedAt === undefined ? account.passwordHash : undefined;
    const matches = await passwords.verify(usable ?? decoy, password);
    if (account === undefined || usable === undefined || !matches) {
      throw forbidden('The user name or the password is wrong.');
    }
    attempt.succeeded();
    return account.userId;
  }

  /** A device, new or of the given id, with a fresh token; earlier tokens of that device end, and its name stays. */
  async openSession(userId: UserId, request: DeviceRequest): Promise<LoggedIn> {
    const { store, clock, random } = this.#ports;
    const accessToken = newAccessToken(random);
    const deviceId = request.deviceId ?? newDeviceId(random);
    const createdAt = clock.now();
    const known = await store.readers.accounts.findDevice(userId, deviceId);
    const { displayName } = known ?? request;
    await this.#changeSessions(userId, ({ accounts }) => {
      accounts.putDevice({ userId, deviceId, displayName, createdAt });
      accounts.insertSession({ userId, deviceId, tokenHash: hashToken(accessToken), createdAt });
    });
    return { userId, deviceId, accessToken };
  }

  /** @throws MatrixError `M_UNKNOWN_TOKEN` */
  async authenticate(accessToken: string): Promise<Session> {
    const { accounts } = this.#ports.store.readers;
    const tokenHash = hashToken(accessToken);
    const session = await this.#sessions.find(tokenHash, () => accounts.findSession(tokenHash));
    if (session === undefined) throw unknownToken();
    return session;
  }

  async logOut({ userId, deviceId }: Session): Promise<void> {
    await this.deleteDevices(userId, [deviceId]);
  }

  /** And their tokens; those that are not there are passed over. */
  async deleteDevices(userId: UserId, deviceIds: readonly DeviceId[]): Promise<void> {
    await this.#changeSessions(userId, ({ accounts }) => {
      for (const deviceId of new Set(deviceIds)) accounts.deleteDevice(userId, deviceId);
    });
  }

  async logOutAll(userId: UserId): Promise<void> {
    await this.#changeSessions(userId, ({ accounts }) => accounts.deleteAllDevices(userId));
  }

  /** Also where the commit is said to have failed: it may be that only its answer was lost. */
  async #changeSessions(userId: UserId, record: (writers: Writers) => void): Promise<void> {
    try {
      await this.#ports.store.transact(record);
    } finally {
      this.#sessions.forget(userId);
    }
  }

  /** A client may name itself by localpart or by whole user id; case is forgiven as the grammar has none. */
  #findUserId(user: string): UserId | undefined {
    const suffix = `:${this.#ports.serverName}`;
    const isWhole = user.startsWith('@');
    if (isWhole && !user.endsWith(suffix)) return undefined;
    const localpart = isWhole ? user.slice(1, -suffix.length) : user;
    const parsed = createUserId(localpart.toLowerCase(), this.#ports.serverName);
    return parsed.ok ? parsed.value : undefined;
  }

  async #decoy(): Promise<string> {
    this.#decoyHash ??= this.#ports.passwords.hash('no account has this password');
    return this.#decoyHash;
  }
}

function newDeviceId(random: Random): DeviceId {
  return Buffer.from(random.bytes(DEVICE_ID_BYTES)).toString('hex').toUpperCase() as DeviceId;
}

function userInUse(userId: UserId): MatrixError {
  return new MatrixError(400, 'M_USER_IN_USE', `The user ID ${userId} is taken.`);
}
