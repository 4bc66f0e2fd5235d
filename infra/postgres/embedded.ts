import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { type Account, accountForPostgres, canEnter, reachableTwin } from './account.js';
import { findBinaries } from './binaries.js';
import { claim } from './claim.js';
import { type Cluster, ensureCluster, PortTakenError, passwordOf } from './cluster.js';
import { howEnded, startServer, stopServer } from './server.js';

/** A running embedded PostgreSQL. */
export interface EmbeddedDatabase {
  /** Of the database `perpetua`. */
  readonly url: string;
  /** Of the database `postgres`, for making and dropping others. */
  readonly adminUrl: string;
  readonly port: number;
  /** Resolves when the server has ended although nobody called `stop`, with how: a signal, or `code 0`. */
  readonly endedByItself: Promise<string>;
  /** Ends open connections and stops the server, within 10 s as a rule. A second call changes nothing. */
  stop(): Promise<void>;
}

/** How to run it. */
export interface EmbeddedOptions {
  /** Kept between starts. Beside it lie its password, its log and the mark of the process that uses it. */
  readonly dataFolder: string;
  /** 0 is any free one. */
  readonly port: number;
  /** False trades safety for speed: for tests. */
  readonly durable: boolean;
  /** Further settings of the server, each `name=value`. */
  readonly flags?: readonly string[];
  log(line: string): void;
}

const database = 'perpetua';
const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * PostgreSQL from the installed package on 127.0.0.1. A server that a killed process left behind is stopped first; what
 * it had committed is there. @throws PortTakenError; an error when another living process uses the data folder
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { durable, flags = [], log } = options;
  const account = accountForPostgres();
  const folder = reachableFolder(resolve(options.dataFolder), account, log);
  const cluster = { folder, account, binaries: findBinaries(account, log) };
  const release = claim(folder);
  const stop = () => stopServer(folder).finally(release);
  try {
    // A server left behind may run with other settings and on another port: a fresh one is surer than an adopted one.
    await stopServer(folder);
    ensureCluster(cluster, durable);
    const settings = ['max_connections=200', ...(durable ? [] : careless), ...flags];
    const password = passwordOf(folder);
    const { port, server } = await startOn(cluster, password, options.port, settings);
    let stopping: Promise<void> | undefined;
    const endedByItself = new Promise<string>((resolve) => {
      server.once('exit', (code, signal) => {
        if (!stopping) resolve(howEnded(code, signal));
      });
    });
    const adminUrl = urlOf(password, port, 'postgres');
    await ensureDatabase(adminUrl);
    return {
      url: urlOf(password, port, database),
      adminUrl,
      port,
      endedByItself,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** The data folder without symbolic links, or one like it that the account can enter. */
function reachableFolder(wanted: string, account: Account | null, log: (line: string) => void): string {
  mkdirSync(dirname(wanted), { recursive: true });
  const folder = join(realpathSync(dirname(wanted)), basename(wanted));
  if (!account || canEnter(dirname(folder), account)) return folder;
  const twin = reachableTwin(folder);
  mkdirSync(twin, { recursive: true });
  chmodSync(twin, 0o755);
  log(`PostgreSQL's account cannot enter ${dirname(folder)}; the data is in ${twin}.`);
  return join(twin, basename(folder));
}

/**
 * Removes a data folder and what lies beside it, after a server that a killed process left behind was stopped. Answers
 * which folder it was. @throws FolderInUseError while a living process uses it
 */
export async function removeEmbeddedData(dataFolder: string, log: (line: string) => void): Promise<string> {
  const folder = reachableFolder(resolve(dataFolder), accountForPostgres(), log);
  const release = claim(folder);
  try {
    await stopServer(folder);
    for (const path of [folder, `${folder}.password`, `${folder}.log`]) rmSync(path, { recursive: true, force: true });
  } finally {
    release();
  }
  return folder;
}

/** The server, and the port that it listens on. Between finding a free one and using it, somebody else may take it. */
async function startOn(
  cluster: Cluster,
  password: string,
  asked: number,
  settings: readonly string[],
): Promise<{ port: number; server: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = asked === 0 ? await freePort() : asked;
    try {
      const server = await startServer(cluster, port, settings, () => answers(urlOf(password, port, 'postgres')));
      return { port, server };
    } catch (error) {
      if (asked !== 0 || attempt >= 5 || !(error instanceof PortTakenError)) throw error;
    }
  }
}

function urlOf(password: string, port: number, name: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select 1'));
    return true;
  } catch {
    return false;
  }
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${database}`);
  });
}

async function withClient(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
  // A connection that breaks between two statements has nobody else to tell; the next statement fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end();
  }
}
