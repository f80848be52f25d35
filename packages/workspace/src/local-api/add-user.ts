import { Accounts, argon2Hasher, MatrixError } from '@hansa/homeserver';
import { systemEffects, type Effects } from '@hansa/net';
import type { ServerName, UserId } from '@hansa/protocol';
import { destination, pino } from 'pino';
import type { Environment } from '../config/overrides.ts';
import { callLocalApi } from '../effects/call-local-api.ts';
import { loadInstallation, type Installation } from '../effects/load-installation.ts';
import { requireDataOwner } from '../effects/require-data-owner.ts';
import { settleIdentity } from '../effects/settle-identity.ts';
import { describeLoggedError } from '../log-error.ts';
import { openStore } from '../open-store.ts';
import { StartError } from '../start-error.ts';
import { ADD_USER_PATH } from './add-user-route.ts';
import { createUser, type NewUser } from './create-user.ts';

const STDERR = 2;

/**
 * Makes an account: by the workspace, where it runs, and else in its database. Answers the user id.
 * @throws StartError for a mistake in the configuration, a name that is taken or none, a weak password
 */
export async function addUser(
  configFile: string,
  user: NewUser,
  environment: Environment,
): Promise<string> {
  const installation = await loadInstallation(configFile, environment);
  const answer = await callLocalApi(installation.socketFile, ADD_USER_PATH, { ...user });
  if (answer === undefined) return addToDatabase(installation, user, systemEffects());
  if (answer.status !== 200) throw new StartError(String(answer.body['error']));
  return String(answer.body['user_id']);
}

async function addToDatabase(
  installation: Installation,
  user: NewUser,
  { clock, random }: Effects,
): Promise<UserId> {
  await requireDataOwner(installation);
  const { serverName } = installation.config;
  const serializers = { err: describeLoggedError };
  // What this command prints is the user id alone.
  const log = pino({ base: { workspace: serverName }, serializers }, destination(STDERR));
  await using begun = new AsyncDisposableStack();
  const store = begun.adopt(await openStore(installation, log), (open) => open.close());
  await settleIdentity({ installation, store, random, log });
  const accounts = new Accounts({
    store,
    clock,
    random,
    passwords: argon2Hasher(),
    // The configuration's check has parsed it.
    serverName: serverName as ServerName,
  });
  try {
    return await createUser(accounts, user);
  } catch (error) {
    if (error instanceof MatrixError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}
