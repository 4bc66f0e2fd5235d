import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import { type Config, readConfig, toEnv } from '../../src/config.js';
import { migrate } from '../../src/migrate.js';
import { SignedAddresses } from '../../src/platform/http/signed-addresses.js';
import { startEmbeddedPostgres } from '../postgres/embedded.js';
import { newVapidKeys } from '../vapid-keys.js';
import { type BenchUser, makeUsers, signIn, tokensOf } from './accounts.js';
import { webhookSecret } from './payment-events.js';
import { onOtherCore, onServerCore } from './pinning.js';

/** A process of the API, for one scenario. */
export interface Product {
  readonly url: string;
  readonly inspectorUrl: string;
  kill(): void;
}

/** A server beside the first of its kind, or one of a kind that a single scenario needs. */
interface FurtherServer {
  readonly url: string;
  readonly pid: number;
  kill(): void;
}

/** What all scenarios run against: a database, the product and its physical limit, each in a process of its own. */
export interface World {
  readonly pool: pg.Pool;
  readonly productUrl: string;
  readonly productPid: number;
  readonly limitUrl: string;
  readonly limitPid: number;
  readonly emulatorUrl: string;
  /** The product's inspector, through which the garbage collector is called. */
  readonly inspectorUrl: string;
  users(count: number): Promise<BenchUser[]>;
  /** Somebody who is there already. */
  signIn(id: string): Promise<BenchUser>;
  /** One more product, as production runs it: with everybody's limits. */
  strictProduct(more?: Record<string, string>): Promise<Product>;
  /** A second product or limit. */
  second(kind: 'product' | 'limit'): Promise<FurtherServer>;
  /** What one scenario runs in a process of its own, on the server's core. */
  alone(kind: keyof typeof lone): Promise<FurtherServer>;
  /** An address on a server, signed for a person and an hour as the product does. */
  signedAddress(url: string, path: string, personId: string): string;
  /** One more worker, to be killed. */
  worker(): Promise<{ kill(): void }>;
  /** The product once more, in a process of its own that has just started, on an empty database that was just made. */
  cold(): Promise<ColdWorld>;
  /** Tells the emulator how to answer. */
  model(behaviour: object): Promise<void>;
  close(): Promise<void>;
}

/** A product that has only begun. */
export interface ColdWorld extends Pick<World, 'pool' | 'productUrl' | 'users'> {
  /** Makes its database anew, and everybody's connections and accounts with it. */
  empty(): Promise<void>;
}

/** Of the strict product, for its metrics. */
export const strictMetricsToken = 'a-token-that-is-long-enough';
/** Where the products keep files. */
export const filesFolder = '.local/bench-files';
const plentiful = '100000000';
/** A larger young generation, as in production; the inspector, for calling the garbage collector. */
const nodeFlags = ['--max-semi-space-size=64', '--inspect=127.0.0.1:0'];

/** How they are started. */
const servers = {
  product: ['dist/src/main.js', 'api'],
  limit: ['dist/infra/bench/limit-server.js'],
} as const;

/** The same for what a single scenario needs. */
const lone = {
  product: servers.product,
  credits: ['dist/infra/bench/credit-server.js'],
  uploads: ['dist/infra/bench/upload-server.js'],
} as const;

/** Starts everything. */
export async function startWorld(): Promise<World> {
  const database = await startEmbeddedPostgres({
    dataFolder: '.local/bench-postgres',
    port: 0,
    durable: true,
    log: console.log,
  });
  const children: ChildProcess[] = [];
  const start = async (command: readonly [string, string[]], env: Record<string, string>) => {
    const child = spawn(...command, { env: { ...env, PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return { ...(await ready(child)), pid: child.pid ?? 0, kill: () => void child.kill('SIGKILL') };
  };
  const node = (...command: readonly string[]) => [...nodeFlags, ...command];
  const emulator = await start([process.execPath, node('dist/infra/emulators/main.js', 'openai', '0')], {});
  const config = benchConfig(database.url, emulator.url);
  await migrate(config);
  const env = toEnv(config);
  const product = await start(onServerCore(process.execPath, node(...servers.product)), env);
  const limit = await start(onServerCore(process.execPath, node(...servers.limit)), env);
  const pools: pg.Pool[] = [];
  const newPool = (connectionString: string) => {
    const made = new pg.Pool({ connectionString, max: 4 });
    // An idle connection that ends together with the database is no fault.
    made.on('error', () => undefined);
    pools.push(made);
    return made;
  };
  const urlOf = (name: string) => Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
  const pool = newPool(database.url);
  const tokens = await tokensOf(config);
  const addresses = new SignedAddresses([config.JWT_SIGNING_KEY]);
  return {
    pool,
    productUrl: product.url,
    productPid: product.pid,
    limitUrl: limit.url,
    limitPid: limit.pid,
    emulatorUrl: emulator.url,
    inspectorUrl: product.inspectorUrl,
    users: (count) => makeUsers(pool, tokens, count),
    signIn: (id) => signIn(pool, tokens, id),
    strictProduct: (more = {}) =>
      start(onServerCore(process.execPath, node('dist/src/main.js', 'api')), { ...strict(env), ...more }),
    second: (kind) => start(onOtherCore(process.execPath, node(...servers[kind])), env),
    alone: (kind) => start(onServerCore(process.execPath, node(...lone[kind])), env),
    signedAddress: (url, path, personId) => {
      addresses.reachableAt(url);
      return addresses.sign(path, { personId, expiresAt: new Date(Date.now() + 3_600_000) });
    },
    worker: () => start(onServerCore(process.execPath, node('dist/src/main.js', 'worker')), env),
    cold: async () => {
      const coldUrl = urlOf('cold');
      const coldConfig = { ...config, DATABASE_URL: coldUrl, DIRECT_URL: coldUrl, MIGRATE_URL: coldUrl };
      const coldPool = newPool(coldUrl);
      const empty = async () => {
        await pool.query('drop database if exists cold with (force)');
        await pool.query('create database cold');
        await migrate(coldConfig);
        // As empty as tables can be: those that nobody has looked at yet are taken for some pages large.
        await coldPool.query('vacuum analyze');
      };
      await empty();
      const { url } = await start(onServerCore(process.execPath, node('dist/src/main.js', 'api')), toEnv(coldConfig));
      return { pool: coldPool, productUrl: url, users: (count) => makeUsers(coldPool, tokens, count), empty };
    },
    model: async (behaviour) => {
      await fetch(`${emulator.url}/_control`, { method: 'POST', body: JSON.stringify({ reset: true, ...behaviour }) });
    },
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(pools.map((each) => each.end()));
      await database.stop();
    },
  };
}

function benchConfig(url: string, emulatorUrl: string): Config {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 });
  return readConfig(
    {
      PORT: '0',
      LOG_LEVEL: 'info',
      DATABASE_URL: url,
      JWT_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      GOOGLE_CLIENT_ID: 'bench',
      OPENAI_API_KEY: 'bench',
      OPENAI_BASE_URL: `${emulatorUrl}/v1`,
      DEEPGRAM_API_KEY: 'bench',
      CHECKOUT_SECRET_KEY: 'sk_bench',
      CHECKOUT_BASE_URL: 'https://bench.api.checkout.com',
      CHECKOUT_WEBHOOK_SECRET: webhookSecret,
      APP_URL: 'https://app.example.com',
      FILES_FOLDER: filesFolder,
      ...newVapidKeys(),
      VAPID_SUBJECT: 'mailto:bench@example.com',
      RATE_LIMIT_PER_MINUTE: plentiful,
      SUBSCRIPTION_RATE_LIMIT_PER_MINUTE: plentiful,
      AI_RATE_LIMIT_PER_MINUTE: plentiful,
      MAX_SOCKETS_PER_USER: plentiful,
    },
    ['start'],
  );
}

/** The same in production mode, where the limits are those that users have. */
function strict(env: Readonly<Record<string, string>>): Record<string, string> {
  const lifted = /^(RATE|AI_RATE|SUBSCRIPTION_RATE)_LIMIT|^MAX_SOCKETS_PER_USER$|^INTROSPECTION$|^OPENAI_BASE_URL$/;
  const kept = Object.entries(env).filter(([name]) => !lifted.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', METRICS_TOKEN: strictMetricsToken };
}

/** What the servers say about their address once they listen. */
const address = /"url":(?:"([^"]+)"|null)/;

async function ready(child: ChildProcess): Promise<{ url: string; inspectorUrl: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stderr?.on('data', (chunk) => {
      errors += String(chunk);
    });
    const look = (chunk: unknown) => {
      output += String(chunk);
      const found = address.exec(output);
      if (!found) return;
      // What follows is read and thrown away: a full pipe would stop the child.
      child.stdout?.off('data', look).resume();
      resolve({ url: found[1] ?? '', inspectorUrl: /ws:\/\/\S+/.exec(errors)?.[0] ?? '' });
    };
    child.stdout?.on('data', look);
    child.once('exit', () => reject(new Error(`It did not start: ${output}${errors}`)));
  });
}
