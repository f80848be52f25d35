import { StartError } from './start-error.ts';

interface Listening {
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of that name',
};

/**
 * Answers the URL that it listens on.
 * @throws StartError naming the setting
 */
export async function listen(
  app: Listening,
  setting: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = EXPLANATIONS[code] ?? message;
    throw new StartError(`"${setting}": cannot listen on ${host}:${port}: ${reason}.`, {
      cause: error,
    });
  }
}
