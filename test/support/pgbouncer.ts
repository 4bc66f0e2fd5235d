import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { accountForPostgres } from '../../infra/postgres/account.js';
import { freePort } from './free-port.js';
import { eventually } from './harness.js';

/** A pooler in front of a database. */
export interface PgBouncer {
  /** The database's address through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

const path = `${process.env['PATH'] ?? ''}:/usr/sbin`;

/** The PgBouncer of this machine, if there is one, and whether it is able to track prepared statements: 1.21 and later. */
export function findPgBouncer(): { readonly canTrack: boolean } | null {
  const { status, stdout } = spawnSync('pgbouncer', ['--version'], { env: { PATH: path }, encoding: 'utf8' });
  if (status !== 0) return null;
  const minor = /^PgBouncer 1\.(\d+)/.exec(stdout)?.[1];
  return { canTrack: Number(minor) >= 21 };
}

/**
 * Starts a PgBouncer of its own that hands out connections by transaction, few of them, so that clients share.
 * `tracked` is how many prepared statements it tracks on each; null for one that is not able to.
 */
export async function startPgBouncer(databaseUrl: string, tracked: number | null): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  // It refuses to run as root, as PostgreSQL does.
  const account = accountForPostgres();
  chmodSync(folder, 0o755);
  const port = await freePort();
  const url = new URL(databaseUrl);
  const settings = [
    ...configuration(url, port, join(folder, 'users')),
    ...(tracked === null ? [] : [`max_prepared_statements = ${tracked}`]),
  ];
  writeFileSync(join(folder, 'pgbouncer.ini'), `${settings.join('\n')}\n`);
  writeFileSync(join(folder, 'users'), `"${url.username}" "${decodeURIComponent(url.password)}"\n`);
  const bouncer = spawn('pgbouncer', ['--quiet', join(folder, 'pgbouncer.ini')], {
    ...account,
    env: { PATH: path },
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  url.host = `127.0.0.1:${port}`;
  const stop = async () => {
    await ended(bouncer);
    rmSync(folder, { recursive: true });
  };
  try {
    await eventually(
      () => answers(url.href),
      (isUp) => isUp,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url.href, stop };
}

function configuration({ hostname, port }: URL, listenPort: number, users: string): string[] {
  return [
    '[databases]',
    `* = host=${hostname} port=${port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${listenPort}`,
    'unix_socket_dir =',
    'auth_type = plain',
    `auth_file = ${users}`,
    'pool_mode = transaction',
    'default_pool_size = 6',
    'max_client_conn = 500',
  ];
}

async function ended(bouncer: ChildProcess): Promise<void> {
  if (bouncer.exitCode !== null || bouncer.signalCode !== null) return;
  bouncer.kill('SIGKILL');
  await once(bouncer, 'exit');
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
