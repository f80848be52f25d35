import { addUser as addToWorkspace } from '@hansa/workspace';
import { orExplain } from './or-explain.ts';
import { readPassword } from './read-password.ts';

/** Prints the user id of the account that was made. */
export async function addUser(
  configFile: string,
  localpart: string,
  { admin }: { readonly admin: boolean },
): Promise<void> {
  await orExplain(async () => {
    const password = await readPassword({ input: process.stdin, output: process.stderr });
    console.log(await addToWorkspace(configFile, { localpart, password, admin }, process.env));
  });
}
