import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import pg from 'pg';
import { type CheckoutEmulator, startCheckoutEmulator } from '../../infra/emulators/checkout.js';
import { startDeepgramEmulator } from '../../infra/emulators/deepgram.js';
import type { SeenRequest } from '../../infra/emulators/deepgram-control.js';
import { newGoogleKeys, startGoogleEmulator } from '../../infra/emulators/google.js';
import { startOpenAiEmulator } from '../../infra/emulators/openai.js';
import { newPushCertificate, startPushEmulator } from '../../infra/emulators/push.js';
import type { Emulator } from '../../infra/emulators/server.js';
import { schedule } from '../../jobs/schedule.js';
import { type App, type AppOverrides, type Core, jobContext, openCore, startApp } from '../../src/app.js';
import { type Config, sampleCheckoutKey, sampleCheckoutWebhookSecret, sampleGoogleClientId } from '../../src/config.js';
import type { Context } from '../../src/kernel/context.js';
import { systemClock } from '../../src/platform/clock.js';
import { createLog } from '../../src/platform/log.js';
import { appRoleName, asAppRole, testConfig } from './config.js';
import { createDatabase, type TestDatabase } from './databases.js';
import { LoggedErrors } from './logged-errors.js';
import { Person, type Session } from './person.js';
import { PushService } from './push-service.js';
import { killRoles } from './role.js';
import { noteStatements } from './sent-statements.js';
import { TestClock } from './test-clock.js';

declare global {
  /** Fails the test that runs if at its end anything is open that is not open now. The tests' environment has it. */
  var requireNothingLeft: (() => void) | undefined;
}

noteStatements();

/** What the stand-ins prove themselves with: making it takes longer than all else that a test's world is made of. */
const googleKeys = newGoogleKeys();
const pushCertificate = newPushCertificate();

/** What a test file may say about its app. */
export interface HarnessOptions extends Pick<AppOverrides, 'subscribers' | 'beside' | 'periods'> {
  readonly config?: Readonly<Record<string, string>>;
  /** How many apps share the database; each is API and worker. */
  readonly apps?: number;
  /** False: the apps are APIs only, and recurring jobs run when the test says so. */
  readonly worker?: boolean;
  /** True: the app has the clock that it has in development, and not the test's. */
  readonly ownClock?: boolean;
  /** True: tokens stay good however far the test moves the clock. */
  readonly lastingTokens?: boolean;
  /** Makes the database; without it that is a copy of the migrated one. */
  readonly database?: () => Promise<TestDatabase>;
  /**
   * Why the file's tests have one world together, with its database, its people and its clock. Without it each test has
   * a world of its own. `test/laws/shared-worlds.test.ts` says what a file must not do then.
   */
  readonly shared?: string;
}

interface ModelState {
  readonly requests: number;
  readonly open: number;
  readonly abortedByClient: number;
  readonly lastMessages: readonly { readonly role: string; readonly content: string }[];
}

interface SpeechState {
  readonly requests: number;
  readonly abortedByClient: number;
  readonly lastRequest: SeenRequest | null;
}

/** A test's own world: a database, a clock, the emulators, and the app on real ports. */
export class Harness {
  clock = new TestClock();
  log: string[] = [];
  config!: Config;
  google!: Emulator;
  openai!: Emulator;
  deepgram!: Emulator;
  /** It goes by the test's clock, and tells what happens when `deliver` asks it to. */
  checkout!: CheckoutEmulator;
  push!: PushService;
  apps: App[] = [];
  #cores: Core[] = [];
  #jobs: Promise<Context> | null = null;
  readonly #schedule = schedule({ sweepSeconds: 1 });
  #database: TestDatabase | null = null;
  #pool: pg.Pool | null = null;
  #folder = '';
  readonly #people: Person[] = [];
  readonly #others: Harness[] = [];

  constructor(
    private readonly options: HarnessOptions,
    private readonly errors = new LoggedErrors(),
  ) {}

  /** This test makes faults of ours happen, which the log tells so; any other error in the log fails it. */
  expectErrors(pattern: RegExp): void {
    this.errors.expect(pattern);
  }

  /** @throws when the apps have logged an error since the last time that this was asked */
  checkErrors(): void {
    this.errors.check();
  }

  /** The first app's address. */
  get url(): string {
    return this.urlOf(0);
  }

  urlOf(index: number): string {
    const url = this.apps[index]?.url;
    if (!url) throw new Error('There is no such app.');
    return url;
  }

  async start(): Promise<void> {
    this.clock = new TestClock();
    this.log = [];
    this.#database = await (this.options.database ?? createDatabase)();
    const { url } = this.#database;
    this.#pool = new pg.Pool({ connectionString: url, max: 2 });
    // Its connections may still be closing when the database is dropped.
    this.#pool.on('error', () => undefined);
    this.google = await startGoogleEmulator({ port: 0, clientId: sampleGoogleClientId, keys: googleKeys });
    this.openai = await startOpenAiEmulator({ port: 0 });
    this.deepgram = await startDeepgramEmulator({ port: 0 });
    this.checkout = await startCheckoutEmulator({
      port: 0,
      secretKey: sampleCheckoutKey,
      webhookSecret: sampleCheckoutWebhookSecret,
      now: () => this.clock.now(),
    });
    this.push = new PushService(await startPushEmulator({ port: 0, certificate: await pushCertificate }));
    this.#folder = await mkdtemp(join(tmpdir(), 'files-'));
    this.config = testConfig({
      FILES_FOLDER: this.#folder,
      DATABASE_URL: asAppRole(url),
      MIGRATE_URL: url,
      DATABASE_APP_ROLE: appRoleName,
      GOOGLE_BASE_URL: this.google.url,
      OPENAI_BASE_URL: `${this.openai.url}/v1`,
      DEEPGRAM_BASE_URL: this.deepgram.url,
      CHECKOUT_BASE_URL: this.checkout.url,
      ...this.options.config,
    });
    for (let count = this.options.apps ?? 1; count > 0; count -= 1) await this.startApp();
    const [first] = this.apps;
    this.checkout.control({ hold: true, webhookUrl: `${first?.url}/api/v1/webhooks/checkout` });
  }

  /** Another world beside this one, for a test that wants other options. It ends with this one. */
  async another(options: HarnessOptions): Promise<Harness> {
    const world = new Harness({ ...this.options, ...options }, this.errors);
    this.#others.push(world);
    await world.start();
    return world;
  }

  /** One more app on the same database. */
  async startApp(): Promise<App> {
    const roles = { api: this.config, worker: (this.options.worker ?? true) ? this.config : null };
    const app = await startApp(this.config, roles, this.#log(), this.#replacements());
    this.apps.push(app);
    return app;
  }

  /** What a job in a process of its own may use, on the same database. */
  async jobContext(): Promise<Context> {
    const core = await openCore(
      this.config,
      { api: this.config, worker: this.config },
      this.#log(),
      this.#replacements(),
    );
    this.#cores.push(core);
    return jobContext(core);
  }

  /** Runs one recurring job to its end, in a process of its own as it were; all of them when none is named. */
  async runJobs(only?: string): Promise<void> {
    this.#jobs ??= this.jobContext();
    const ctx = await this.#jobs;
    if (!this.options.ownClock) await this.#moveDatabaseClock();
    for (const { name, run } of this.#schedule) if (only === undefined || only === name) await run(ctx);
  }

  /** What goes by the database's clock goes with the test's. */
  async #moveDatabaseClock(): Promise<void> {
    await this.sql(
      'insert into platform.clock_shift (id, ahead_ms) values (1, $1) on conflict (id) do update set ahead_ms = $1',
      [Math.max(0, this.clock.now().getTime() - Date.now())],
    );
  }

  #replacements(): AppOverrides {
    const { ownClock = false, lastingTokens = false, subscribers, beside, periods } = this.options;
    return {
      ...(subscribers ? { subscribers } : {}),
      ...(beside ? { beside } : {}),
      ...(periods ? { periods } : {}),
      ...(ownClock ? {} : { clock: this.clock }),
      ...(lastingTokens ? { tokenClock: systemClock } : {}),
    };
  }

  #log() {
    const write = (line: string) => {
      this.log.push(line);
      this.errors.add(line);
    };
    return createLog(this.config.LOG_LEVEL, { write });
  }

  async stop(): Promise<void> {
    await this.leave();
    await Promise.all(this.#cores.splice(0).map((core) => core.close(0)));
    await Promise.all(this.apps.splice(0).map((app) => app.close()));
    this.#jobs = null;
    // A start may have failed half way.
    const emulators = [this.google, this.openai, this.deepgram, this.checkout, this.push];
    await Promise.all([...emulators.map((each) => each?.close()), this.#pool?.end()]);
    this.#pool = null;
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
    await this.#database?.drop();
    this.#database = null;
  }

  /** Makes the stand-ins behave again, between two tests that share this world. */
  async settle(): Promise<void> {
    await this.leave();
    await this.model({ reset: true });
    await this.speech({ reset: true });
    this.checkout.control({ reset: true, hold: true });
    await this.push.control({ reset: true });
  }

  /** Closes everybody's sockets, and the other worlds. */
  async leave(): Promise<void> {
    for (const person of this.#people.splice(0)) await person.leave();
    for (const world of this.#others.splice(0)) await world.stop();
  }

  /** Somebody who has just signed in for the first time. */
  async user(name = 'Ada', url = this.url): Promise<Person> {
    const email = `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@example.com`;
    return this.signIn({ email, name }, url);
  }

  async signIn(who: { email: string; name?: string; picture?: string; sub?: string }, url = this.url): Promise<Person> {
    const { idToken } = await this.idToken(who);
    const response = await postJson(`${url}/api/v1/auth/google`, { idToken });
    if (!response.ok) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
    const person = new Person(url, await json<Session>(response), this.log);
    this.#people.push(person);
    return person;
  }

  async idToken(request: object): Promise<{ idToken: string; code: string }> {
    return json(await postJson(`${this.google.url}/id-token`, request));
  }

  /** Tells the language model how to answer. */
  model(behaviour: object): Promise<void> {
    return control(this.openai, behaviour);
  }

  /** What the language model has seen. */
  async modelState(): Promise<ModelState> {
    return json(await fetch(`${this.openai.url}/_control`));
  }

  /** Tells the speech recognition how to answer. */
  speech(behaviour: object): Promise<void> {
    return control(this.deepgram, behaviour);
  }

  /** What the speech recognition has seen. */
  async speechState(): Promise<SpeechState> {
    return json(await fetch(`${this.deepgram.url}/_control`));
  }

  /** Looks into the database behind the app's back. */
  async sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (!this.#pool) throw new Error('There is no database: this world has not begun, or is over.');
    return (await this.#pool.query<Row>(text, [...values])).rows;
  }
}

async function control({ url }: Emulator, behaviour: object): Promise<void> {
  const response = await postJson(`${url}/_control`, behaviour);
  // A long answer that nobody reads keeps its connection open.
  const text = await response.text();
  if (!response.ok) throw new Error(text);
}

/** A world of its own for each test of a file, or one for all of them that is `shared`. */
export function harness(options: HarnessOptions = {}): Harness {
  const world = new Harness(options);
  if (options.shared === undefined) {
    beforeEach(() => {
      globalThis.requireNothingLeft?.();
      return world.start();
    });
  } else beforeAll(() => world.start());
  afterEach(async () => {
    if (options.shared !== undefined) await world.settle();
    else {
      await killRoles();
      await world.stop();
    }
    world.checkErrors();
  });
  afterAll(async () => {
    if (options.shared !== undefined) await world.stop();
    world.checkErrors();
  });
  return world;
}

/** Reads a JSON answer as what the test expects it to be; its assertions are the check. */
export async function json<T>(response: Response): Promise<T> {
  const body: T = JSON.parse(await response.text());
  return body;
}

/** Sends JSON. */
export function postJson(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(120_000),
  });
}

/** Waits until a condition holds; fails after `timeoutMs` with what was last seen. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  holds: (seen: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`It never came true. Last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A connection of its own to a database, on which a transaction may stay idle for as long as a slow machine needs. */
export async function connectClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: '-c idle_in_transaction_session_timeout=0' });
  await client.connect();
  return client;
}

/** The same for as long as `use` takes. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectClient(url);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
