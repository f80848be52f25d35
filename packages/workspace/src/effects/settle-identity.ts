import { dirname, join } from 'node:path';
import type { Log } from '@hansa/homeserver';
import type { Random } from '@hansa/net';
import { isCompromised, type SigningKey } from '@hansa/protocol';
import type { Owner, Store } from '@hansa/storage';
import { StartError } from '../start-error.ts';
import { explainFileError } from './explain-file-error.ts';
import type { Installation } from './load-installation.ts';
import { createSigningKeyFile, loadSigningKey } from './signing-key-file.ts';

interface Ports {
  readonly installation: Installation;
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Holds the name in the configuration and the key on disk against what the database was made with, which remembers both;
 * makes the key at a first start.
 * @throws StartError where they do not belong together: what would run then is another server, which nobody believes
 */
export async function settleIdentity(ports: Ports): Promise<SigningKey> {
  const { installation, store, random, log } = ports;
  const { serverName } = installation.config;
  const file = join(dirname(installation.databaseFile), 'signing.key');
  const owner = await store.readers.owner.find();
  if (owner !== undefined) checkName(installation, owner);
  const found = await orFileError(installation, () => loadSigningKey(file));
  if (found === undefined && owner !== undefined) throw keyIsMissing(file, owner);
  const key = found ?? (await orFileError(installation, () => createSigningKeyFile(file, random)));
  const { keyId, publicKey } = key;
  if (isCompromised(publicKey)) throw keyIsCompromised(file, key);
  if (found === undefined) {
    log.info(
      { keyId, file },
      'a signing key was made: keep a copy of it, as what it signed cannot be signed anew',
    );
  }
  if (owner?.publicKey === publicKey && owner.keyId === keyId) return key;
  if (owner !== undefined) checkRotation(file, owner, key, log);
  await store.transact((writers) => writers.owner.put({ serverName, keyId, publicKey }));
  return key;
}

function checkName({ config, document, databaseFile }: Installation, { serverName }: Owner): void {
  if (config.serverName === serverName) return;
  throw document.errorAt(
    ['serverName'],
    `"serverName" is "${config.serverName}", but the data in ${dirname(databaseFile)} belongs to "${serverName}". ` +
      `A workspace's name cannot be changed: put the old name back, or choose another "data".`,
  );
}

function keyIsMissing(file: string, { keyId }: Owner): StartError {
  return new StartError(
    `${file} is missing, but the database beside it was made with key ${keyId}. Restore it from a backup; ` +
      `if there is none, start once with another "data" and copy the signing.key that is made there to this place: ` +
      `servers that do not know the old key will then refuse what it signed.`,
  );
}

function keyIsCompromised(file: string, { keyId }: SigningKey): StartError {
  return new StartError(
    `${file} holds a key whose secret everybody has: it stands in a public document, or is all zeros. Anybody can sign as ` +
      `this server with it, and no server of ours believes it. Put a key of its own there, under another id than ${keyId}.`,
  );
}

/** A key may be exchanged for another, where it has become known; under another id, as others keep keys by their ids. */
function checkRotation(file: string, owner: Owner, { keyId }: SigningKey, log: Log): void {
  if (owner.keyId === keyId) {
    throw new StartError(
      `${file} is not the key ${keyId} that the database beside it was made with, and has its id. ` +
        `Restore the old file; a new key needs another id, the second word in the file.`,
    );
  }
  log.warn(
    { keyId, oldKeyId: owner.keyId, file },
    'there is another signing key than before: servers that do not know the old one will refuse what it signed',
  );
}

async function orFileError<T>({ document }: Installation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw document.errorAt(['data'], `"data": ${explainFileError(error)}.`, error);
  }
}
