import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { logFailure } from '../unavailable.js';
import type { Doorbell } from './doorbell.js';

const channel = 'doorbell';
/**
 * At most one statement in this time, however many transactions commit: each NOTIFY takes a database-wide lock. What is
 * urgent comes rarely.
 */
const coalesceMs = 25;
/** What rings at about the same time goes together even when nothing was sent for long. */
const minWaitMs = 1;
/** PostgreSQL refuses payloads of 8,000 bytes; this many topics of 45 characters stay below. */
const topicsPerPayload = 150;
const reconnectMs = 500;
/** A line that is connected but dead is noticed within both of these. */
const heartbeatMs = 2_000;
const heartbeatTimeoutMs = 2_000;
/** While the line is down everybody looks for themselves this often. */
const ringWhileDownMs = 5_000;
/** Topics that wait for the line, some 100 bytes each. When there are more, everybody elsewhere is woken instead. */
const maxPending = 10_000;
/** Prepared: it is sent up to 40 times a second, and reading it takes longer than running it. */
const sendPayloads = {
  name: 'send-payloads',
  text: `select pg_notify('${channel}', payload) from unnest($1::text[]) payload`,
};
/** Stands for every topic. */
const everything = '*';

/**
 * The doorbell's line between processes: LISTEN and NOTIFY on one direct connection. What rings while the line is down is
 * rung when it is back; what others rang meanwhile is not known then, so everybody here is woken.
 */
export class NotifyBridge {
  readonly #sender = randomUUID();
  readonly #pending = new Set<string>();
  #client: pg.Client | null = null;
  /** `performance.now()` when it broke; null while it is up. */
  #downSince: number | null = null;
  #flush: NodeJS.Timeout | null = null;
  /** `performance.now()` at which it is due. */
  #flushAt = 0;
  /** When a statement was last sent, or as if none ever was, where something is urgent. */
  #sentAt = Number.NEGATIVE_INFINITY;
  #heartbeat: NodeJS.Timeout | null = null;
  #reconnect: NodeJS.Timeout | null = null;
  #ringWhileDown: NodeJS.Timeout | null = null;
  #isBeating = false;
  #sending: Promise<void> | null = null;
  #closed = false;

  constructor(
    private readonly url: string,
    private readonly doorbell: Doorbell,
    private readonly log: Logger,
    private readonly metrics: Pick<Metrics, 'lineUp' | 'lineReconnects' | 'notifications'>,
  ) {}

  /** Connects and listens. @throws when the database cannot be reached. */
  async open(): Promise<void> {
    await this.#connect();
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
  }

  /** How long nothing could be heard from other processes; 0 while the line is up. */
  get downMs(): number {
    return this.#downSince === null ? 0 : performance.now() - this.#downSince;
  }

  /**
   * Rings these topics here at once, and in every other process at once or some 25 ms after the rings before; `isUrgent`
   * spares that wait, where somebody looks at nothing until then. Call it after the commit.
   */
  ring(topics: Iterable<string>, isUrgent = false): void {
    const list = [...topics];
    this.doorbell.ring(list);
    for (const topic of list) this.#keep(topic);
    if (isUrgent) this.#sentAt = Number.NEGATIVE_INFINITY;
    this.#flushSoon();
  }

  /** Sends what is pending and hangs up. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#flush, this.#heartbeat, this.#reconnect, this.#ringWhileDown]) {
      if (timer) clearTimeout(timer);
    }
    // What is on its way, and then what has been waiting for it.
    await this.#sending;
    await this.#send();
    const client = this.#client;
    this.#client = null;
    if (client) await hangUp(client);
  }

  #keep(topic: string): void {
    if (this.#pending.size >= maxPending) this.#pending.clear();
    else if (!this.#pending.has(everything)) {
      this.#pending.add(topic);
      return;
    }
    this.#pending.add(everything);
  }

  #flushSoon(): void {
    if (this.#pending.size === 0) return;
    const now = performance.now();
    const at = Math.max(now + minWaitMs, this.#sentAt + coalesceMs);
    if (this.#flush && this.#flushAt <= at) return;
    if (this.#flush) clearTimeout(this.#flush);
    this.#flush = setTimeout(() => void this.#send(), at - now);
    this.#flushAt = at;
  }

  /** One statement at a time: while the database is slow, rings are put together. */
  #send(): Promise<void> {
    this.#flush = null;
    this.#sending ??= this.#sendPending().finally(() => {
      this.#sending = null;
      if (this.#client && !this.#closed) this.#flushSoon();
    });
    return this.#sending;
  }

  async #sendPending(): Promise<void> {
    const client = this.#client;
    const topics = [...this.#pending];
    if (!client || topics.length === 0) return;
    this.#pending.clear();
    this.#sentAt = performance.now();
    const payloads: string[] = [];
    for (let from = 0; from < topics.length; from += topicsPerPayload) {
      payloads.push([this.#sender, ...topics.slice(from, from + topicsPerPayload)].join(' '));
    }
    try {
      await client.query({ ...sendPayloads, values: [payloads] });
      this.metrics.notifications.inc({ direction: 'sent' }, payloads.length);
    } catch (error) {
      logFailure(this.log, error, {}, 'doorbell: rings wait for the line to be back');
      for (const topic of topics) this.#keep(topic);
      await hangUp(client);
    }
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'perpetua-flow doorbell',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    client.on('error', (error) => logFailure(this.log, error, {}, 'doorbell: the line broke'));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      // A bell need not outlive a crash, and nobody is to wait for the disk under the lock that it takes.
      await client.query('set synchronous_commit = off');
    } catch (error) {
      await hangUp(client);
      throw error;
    }
    client.on('end', () => this.#lost());
    // The line may have been closed while it was being made.
    if (this.#closed) {
      await hangUp(client);
      return;
    }
    this.#client = client;
    this.#downSince = null;
    this.metrics.lineUp.set(1);
    if (this.#ringWhileDown) clearInterval(this.#ringWhileDown);
    this.#ringWhileDown = null;
    this.#flushSoon();
  }

  #hear(payload: string): void {
    const [sender, ...topics] = payload.split(' ');
    if (sender === this.#sender) return;
    this.metrics.notifications.inc({ direction: 'received' });
    if (topics.includes(everything)) this.doorbell.ringAll();
    else this.doorbell.ring(topics);
  }

  /** Tries again after a while; one try at a time. */
  #lost(): void {
    this.#client = null;
    this.metrics.lineUp.set(0);
    if (this.#closed) return;
    if (this.#downSince === null) {
      this.#downSince = performance.now();
      this.#ringWhileDown = setInterval(() => this.doorbell.ringAll(), ringWhileDownMs).unref();
      this.doorbell.ringAll();
    }
    this.#reconnect = setTimeout(() => {
      this.#connect().then(
        () => {
          this.metrics.lineReconnects.inc();
          this.doorbell.ringAll();
        },
        () => this.#lost(),
      );
    }, reconnectMs);
  }

  #beat(): void {
    const client = this.#client;
    if (!client || this.#isBeating) return;
    this.#isBeating = true;
    const beat = { text: `listen ${channel}`, query_timeout: heartbeatTimeoutMs };
    client
      .query(beat)
      .catch(() => hangUp(client))
      .finally(() => {
        this.#isBeating = false;
      });
  }
}

/** Ends the connection; one with a statement under way, which may be dead, is cut. */
async function hangUp(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
