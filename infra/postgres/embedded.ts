import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { accountForPostgres, canReach, reachableTwin } from './account.js';
import { findBinaries } from './binaries.js';
import { ensureCluster, passwordOf, startServer, stopServer } from './cluster.js';

/** A running embedded PostgreSQL. */
export interface EmbeddedDatabase {
  /** Of the database `perpetua`. */
  readonly url: string;
  /** Of the database `postgres`, for making and dropping others. */
  readonly adminUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** How to run it. */
export interface EmbeddedOptions {
  /** Kept between starts. */
  readonly dataFolder: string;
  /** 0 is any free one. */
  readonly port: number;
  /** False trades safety for speed: for tests. */
  readonly durable: boolean;
  log(line: string): void;
}

const database = 'perpetua';
const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * PostgreSQL from the installed package on 127.0.0.1. A server that a killed process left behind is stopped first; what
 * it had committed is there. @throws PortTakenError; an error when another living process uses the data folder
 */
export async function startEmbeddedPostgres({
  dataFolder,
  port: asked,
  durable,
  log,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const account = accountForPostgres();
  const wanted = resolve(dataFolder);
  const isWithinReach = !account || canReach(wanted, account);
  const folder = isWithinReach ? wanted : join(reachableTwin(wanted), 'postgres');
  if (!isWithinReach) log(`PostgreSQL's account cannot enter this folder; its data is in ${folder}.`);
  const cluster = { folder, account, binaries: findBinaries(account, log) };
  const release = own(folder);
  try {
    ensureCluster(cluster);
    await stopServer(folder);
    const port = asked === 0 ? await freePort() : asked;
    const urlOf = (name: string) => `postgres://postgres:${passwordOf(folder)}@127.0.0.1:${port}/${name}`;
    const adminUrl = urlOf('postgres');
    await startServer(cluster, port, ['max_connections=200', ...(durable ? [] : careless)], () => answers(adminUrl));
    await ensureDatabase(adminUrl);
    const stop = async () => {
      await stopServer(folder);
      release();
    };
    return { url: urlOf(database), adminUrl, port, stop };
  } catch (error) {
    release();
    throw error;
  }
}

/** Marks the data folder as ours. @throws when another living process has it */
function own(folder: string): () => void {
  const path = `${folder}.owner`;
  const owner = readOr(path, '');
  const pid = Number(owner.split(' ')[0]);
  if (pid > 0 && pid !== process.pid && owner === identityOf(pid)) {
    throw new Error(`The data folder ${folder} is in use by process ${pid}. Stop that first.`);
  }
  mkdirSync(dirname(folder), { recursive: true });
  writeFileSync(path, identityOf(process.pid));
  return () => rmSync(path, { force: true });
}

/** A process by its number and, where the system tells, its start: numbers are used again. Empty when it is gone. */
function identityOf(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch {
    return '';
  }
  const stat = readOr(`/proc/${pid}/stat`, '');
  return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''}`;
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
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
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end();
  }
}
