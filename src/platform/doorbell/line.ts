import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Logger } from '../log.js';
import type { Doorbell } from './doorbell.js';

const channel = 'doorbell';
/** At most one statement in this time, however many transactions commit: each NOTIFY takes a database-wide lock. */
const coalesceMs = 25;
/** PostgreSQL refuses payloads of 8,000 bytes; this many topics of 45 characters stay below. */
const topicsPerPayload = 150;
const reconnectMs = 500;
const heartbeatMs = 10_000;

/**
 * The doorbell's line between processes: LISTEN and NOTIFY on one direct connection. Rings are hints and may get lost;
 * after a reconnect everybody is woken.
 */
export class DoorbellLine {
  readonly #sender = randomUUID();
  readonly #pending = new Set<string>();
  #client: pg.Client | null = null;
  #flush: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #reconnect: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(
    private readonly url: string,
    private readonly doorbell: Doorbell,
    private readonly log: Logger,
  ) {}

  /** Connects and listens. @throws when the database cannot be reached. */
  async open(): Promise<void> {
    await this.#connect();
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
  }

  /** Rings these topics here at once and in every other process within some 25 ms. Call it after the commit. */
  ring(topics: Iterable<string>): void {
    const list = [...topics];
    this.doorbell.ring(list);
    for (const topic of list) this.#pending.add(topic);
    if (this.#pending.size > 0) this.#flush ??= setTimeout(() => this.#send(), coalesceMs);
  }

  /** Sends what is pending and hangs up. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#flush, this.#heartbeat, this.#reconnect]) if (timer) clearTimeout(timer);
    this.#send();
    await this.#client?.end();
    this.#client = null;
  }

  #send(): void {
    this.#flush = null;
    const topics = [...this.#pending];
    this.#pending.clear();
    if (!this.#client || topics.length === 0) return;
    const payloads: string[] = [];
    for (let from = 0; from < topics.length; from += topicsPerPayload) {
      payloads.push([this.#sender, ...topics.slice(from, from + topicsPerPayload)].join(' '));
    }
    this.#client
      .query(`select pg_notify('${channel}', payload) from unnest($1::text[]) payload`, [payloads])
      .catch((error: unknown) => this.log.warn({ error }, 'doorbell: a ring was lost'));
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    client.on('notification', ({ payload }) => {
      const [sender, ...topics] = (payload ?? '').split(' ');
      if (sender !== this.#sender) this.doorbell.ring(topics);
    });
    client.on('error', (error) => this.log.warn({ error }, 'doorbell: the line broke'));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      await hangUp(client);
      throw error;
    }
    client.on('end', () => this.#lost());
    // The line may have been closed while it was being made.
    if (this.#closed) await hangUp(client);
    else this.#client = client;
  }

  /** Tries again after a while; one try at a time. */
  #lost(): void {
    this.#client = null;
    if (this.#closed) return;
    this.#reconnect = setTimeout(() => {
      this.#connect().then(
        () => this.doorbell.ringAll(),
        () => this.#lost(),
      );
    }, reconnectMs);
  }

  #beat(): void {
    const client = this.#client;
    client?.query('select 1').catch(() => hangUp(client));
  }
}

async function hangUp(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
