import { StartError } from './start-error.ts';

interface Bound {
  readonly address: string;
  readonly family: string;
  readonly port: number;
}

interface Listening {
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** A string is the path of a socket that is none of the network. */
  addresses(): readonly (string | Bound)[];
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of that name',
};

/**
 * Answers the URL that it listens on: of all addresses (`0.0.0.0`) where those were asked for.
 * @throws StartError naming the setting
 */
export async function listen<App extends Listening>(
  app: App,
  setting: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    // What it answers has an address of this machine in place of all of them.
    const { protocol } = new URL(await app.listen({ host, port }));
    const [bound] = app.addresses();
    if (typeof bound !== 'object') throw new Error('it listens nowhere');
    const { address, family } = bound;
    return `${protocol}//${family === 'IPv6' ? `[${address}]` : address}:${bound.port}`;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = EXPLANATIONS[code] ?? message;
    throw new StartError(`"${setting}": cannot listen on ${host}:${port}: ${reason}.`, {
      cause: error,
    });
  }
}
