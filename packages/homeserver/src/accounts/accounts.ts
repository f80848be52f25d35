import { Buffer } from 'node:buffer';
import type { Clock, Random } from '@hansa/net';
import { createUserId, type DeviceId, type ServerName, type UserId } from '@hansa/protocol';
import { ConflictError, type AccountReader, type Session, type Store } from '@hansa/storage';
import { forbidden, MatrixError, unknownToken } from '../matrix-error.ts';
import { hashToken, newAccessToken } from './access-token.ts';
import type { PasswordHasher } from './password-hasher.ts';

export interface Registration {
  readonly localpart: string;
  readonly password: string;
  readonly admin?: boolean;
}

export interface DeviceRequest {
  readonly deviceId?: DeviceId | undefined;
  readonly displayName?: string | undefined;
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

/** Local accounts, their devices, and the tokens by which a device proves itself. */
export class Accounts {
  readonly #ports: AccountsPorts;
  /** Compared where there is no account, so that an absent one answers no faster than a wrong password. */
  #decoyHash: Promise<string> | undefined;

  constructor(ports: AccountsPorts) {
    this.#ports = ports;
  }

  /** @throws MatrixError `M_INVALID_USERNAME`, `M_USER_IN_USE` */
  async register(registration: Registration): Promise<UserId> {
    const { store, clock, passwords } = this.#ports;
    const userId = this.#userIdOf(registration.localpart.toLowerCase());
    if (await store.readers.accounts.findAccount(userId)) throw userInUse(userId);
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
        accounts.setProfile(userId, { displayName: registration.localpart, avatarUrl: undefined });
      });
    } catch (error) {
      if (error instanceof ConflictError) throw userInUse(userId);
      throw error;
    }
    return userId;
  }

  /** @throws MatrixError `M_FORBIDDEN`, the same for an unknown user and a wrong password */
  async logIn(user: string, password: string, device: DeviceRequest): Promise<LoggedIn> {
    const userId = this.#findUserId(user);
    const account = userId && (await this.#ports.store.readers.accounts.findAccount(userId));
    const usable =
      account && account.deactivatedAt === undefined ? account.passwordHash : undefined;
    const matches = await this.#ports.passwords.verify(usable ?? (await this.#decoy()), password);
    if (account === undefined || usable === undefined || !matches) {
      throw forbidden('The user name or the password is wrong.');
    }
    return this.openSession(account.userId, device);
  }

  /** A device, new or of the given id, with a fresh token; earlier tokens of that device end. */
  async openSession(userId: UserId, request: DeviceRequest): Promise<LoggedIn> {
    const { store, clock, random } = this.#ports;
    const accessToken = newAccessToken(random);
    const deviceId = request.deviceId ?? newDeviceId(random);
    const createdAt = clock.now();
    await store.transact(({ accounts }) => {
      accounts.putDevice({ userId, deviceId, displayName: request.displayName, createdAt });
      accounts.insertSession({ userId, deviceId, tokenHash: hashToken(accessToken), createdAt });
    });
    return { userId, deviceId, accessToken };
  }

  /** @throws MatrixError `M_UNKNOWN_TOKEN` */
  async authenticate(accessToken: string): Promise<Session> {
    const session = await this.#ports.store.readers.accounts.findSession(hashToken(accessToken));
    if (session === undefined) throw unknownToken();
    return session;
  }

  async logOut(session: Session): Promise<void> {
    await this.#ports.store.transact(({ accounts }) => {
      accounts.deleteDevice(session.userId, session.deviceId);
    });
  }

  async logOutAll(userId: UserId): Promise<void> {
    await this.#ports.store.transact(({ accounts }) => accounts.deleteAllDevices(userId));
  }

  #userIdOf(localpart: string): UserId {
    const parsed = createUserId(localpart, this.#ports.serverName);
    if (!parsed.ok) throw new MatrixError(400, 'M_INVALID_USERNAME', parsed.reason);
    return parsed.value;
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
