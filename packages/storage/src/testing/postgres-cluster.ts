import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Row } from '../sql/rows.ts';

const run = promisify(execFile);

const USER = 'hansa';
const ENCODING = ['--encoding=UTF8', '--locale=C'];

/** Folder of `initdb` and `postgres`; `undefined`, and said so, where there is none. */
export function findPostgres(): string | undefined {
  const folder = process.env['HANSA_POSTGRES'];
  if (folder !== undefined && folder !== '') return folder;
  process.stderr.write('SKIPPED: nothing runs on PostgreSQL: HANSA_POSTGRES is not set\n');
  return undefined;
}

/** A PostgreSQL server of one's own, in a temporary folder, on a socket in it. Disposing ends and removes it. */
export class PostgresCluster implements AsyncDisposable {
  readonly #folder: string;
  readonly #server: ChildProcess;
  #databases = 0;
  readonly #free: string[] = [];

  private constructor(folder: string, server: ChildProcess) {
    this.#folder = folder;
    this.#server = server;
  }

  /** `settings` are those of `postgresql.conf`. */
  static async start(
    programs: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<PostgresCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-postgres-'));
    const identity = await unprivileged();
    if (identity !== undefined) await chown(folder, identity.uid, identity.gid);
    const data = join(folder, 'data');
    const how = ['--auth=trust', `--username=${USER}`, '--no-sync', ...ENCODING];
    await run(join(programs, 'initdb'), [`--pgdata=${data}`, ...how], { ...identity, cwd: folder });
    const all = {
      port: '5432',
      listen_addresses: '',
      unix_socket_directories: folder,
      ...settings,
    };
    const server = spawn(
      join(programs, 'postgres'),
      ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    // Whoever started it may end without having disposed of it.
    process.once('exit', () => server.kill('SIGQUIT'));
    await ready(server);
    return new PostgresCluster(folder, server);
  }

  /** The socket that it listens on. */
  get socketPath(): string {
    return join(this.#folder, '.s.PGSQL.5432');
  }

  /** The address of an empty database. */
  async createDatabase(): Promise<string> {
    const emptied = this.#free.pop();
    if (emptied !== undefined) return emptied;
    this.#databases += 1;
    const name = `test${this.#databases}`;
    await this.query(this.#url('postgres'), `CREATE DATABASE ${name}`);
    return this.#url(name);
  }

  /** It may be handed out again, which is a lot faster than making one. */
  async dropDatabase(url: string): Promise<void> {
    await this.query(url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    this.#free.push(url);
  }

  /** Runs a statement on a connection of its own. */
  async query(url: string, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...parameters])).rows;
    } finally {
      await client.end();
    }
  }

  /** Changes the server's configuration; every connection has heard of it when this resolves. `undefined` is the default. */
  async configure(
    url: string,
    { setting, value }: { readonly setting: string; readonly value: string | undefined },
  ): Promise<void> {
    const change = value === undefined ? `RESET ${setting}` : `SET ${setting} = ${value}`;
    await this.query(url, `ALTER SYSTEM ${change}`);
    await this.query(url, 'SELECT pg_reload_conf()');
    const wanted = value === undefined ? 'boot_val' : `'${value}'`;
    // A new connection has it when the server has read the file, and then it has told those that were there.
    const asked = `SELECT 1 FROM pg_settings WHERE name = $1 AND setting = ${wanted}`;
    while ((await this.query(url, asked, [setting])).length === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.exitCode === null && this.#server.signalCode === null) {
      const ended = once(this.#server, 'exit');
      // A fast shutdown: connections are closed.
      this.#server.kill('SIGINT');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The server's process for the connection by which a store commits to the database. */
  async findWriter(url: string): Promise<number | undefined> {
    const [row] = await this.query(
      url,
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'hansa %'`,
    );
    return row === undefined ? undefined : Number(row['pid']);
  }

  #url(database: string): string {
    return `postgres://${USER}@localhost/${database}?host=${encodeURIComponent(this.#folder)}`;
  }
}

/** PostgreSQL refuses to run as root. Debian's package brings a user for it. */
async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([n]) => n === 'nobody');
  if (user === undefined) throw new Error('there is no user "postgres" to run PostgreSQL as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Resolves when the server says so; its log is read on, as nobody may leave a pipe full. */
async function ready(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  const { stderr } = server;
  if (stderr === null) throw new Error('the server has no log');
  await new Promise<void>((resolve, reject) => {
    createInterface(stderr).on('line', (line) => {
      said.push(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`PostgreSQL ended:\n${said.join('\n')}`)));
  });
}
