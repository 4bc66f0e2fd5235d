import { Batches } from '../batches.js';
import type { RunStatement } from '../database/rows.js';
import { isLive, type LiveProcesses } from '../live-processes.js';

/** How long a socket waits to hear of those elsewhere; then this process decides alone. */
const patienceMs = 1_000;
const batchOptions = { coalesceMs: 3, maxKeys: 500, maxBatches: 100 };

/** Hears whether a socket may stay. */
type Waiter = (isIn: boolean) => void;

/** What a user has in this process. */
interface Count {
  /** Sockets that are in. */
  here: number;
  /** Those that wait to be let in, in the order of their coming. */
  readonly waiting: Set<Waiter>;
}

/**
 * How many sockets each user has open, in all processes together: while there are others, a process tells them of each
 * that opens or closes, and lets in as many as one row for all processes of the user has room for. Those of a process
 * that died do not count.
 */
export class SocketCounts {
  readonly #counts = new Map<string, Count>();
  readonly #batches = new Batches<string>((userIds) => this.#exchange(userIds), batchOptions);
  #forgetting: Promise<void> | null = null;

  constructor(
    readonly maxPerUser: number,
    private readonly processes: LiveProcesses,
    private readonly runStatement: RunStatement,
  ) {
    processes.onChange(() => {
      for (const userId of this.#counts.keys()) this.#tell(userId);
      this.#forgetting = this.#forgetDead();
    });
  }

  /** Counts one more; false when it is one too many, which is not counted. */
  async enter(userId: string): Promise<boolean> {
    const count = this.#counts.get(userId) ?? { here: 0, waiting: new Set() };
    if (count.here + count.waiting.size >= this.maxPerUser) return false;
    this.#counts.set(userId, count);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    count.waiting.add(resolve);
    const decideAlone = () => this.#decide(userId, count, resolve, true);
    if (this.processes.others === 0) decideAlone();
    else this.#batches.add(userId).catch(decideAlone);
    const timer = setTimeout(decideAlone, patienceMs);
    return promise.finally(() => clearTimeout(timer));
  }

  /** One has closed. */
  leave(userId: string): void {
    const count = this.#counts.get(userId);
    if (!count) return;
    count.here -= 1;
    this.#forgetIfGone(userId, count);
    this.#tell(userId);
  }

  /** Waits until the others know. */
  async close(): Promise<void> {
    await this.#batches.settled();
    await this.#forgetting;
  }

  /** Once for each that waits. */
  #decide(userId: string, count: Count, waiter: Waiter, isIn: boolean): void {
    if (!count.waiting.delete(waiter)) return;
    if (isIn) count.here += 1;
    this.#forgetIfGone(userId, count);
    waiter(isIn);
  }

  #forgetIfGone(userId: string, { here, waiting }: Count): void {
    if (here === 0 && waiting.size === 0) this.#counts.delete(userId);
  }

  /** What is left of processes that died, for users who have no socket elsewhere. */
  async #forgetDead(): Promise<void> {
    try {
      await this.runStatement(deleteDead, []);
    } catch (error) {
      this.processes.noteAway(error);
    }
  }

  #tell(userId: string): void {
    if (this.processes.others > 0) void this.#batches.add(userId);
  }

  async #exchange(userIds: readonly string[]): Promise<void> {
    const told = userIds.map((userId) => {
      const count = this.#counts.get(userId) ?? { here: 0, waiting: new Set() };
      return { userId, count, here: count.here, waiting: [...count.waiting] };
    });
    try {
      const rows = await this.runStatement<{ userId: string; total: number }>(exchange, [
        this.processes.id,
        userIds,
        told.map(({ here }) => here),
        told.map(({ waiting }) => waiting.length),
        this.maxPerUser,
      ]);
      const totals = new Map(rows.map(({ userId, total }) => [userId, total]));
      for (const { userId, count, here, waiting } of told) {
        const total = totals.get(userId);
        // Another process has just made the row.
        if (total === undefined) this.#tell(userId);
        else for (const [place, waiter] of waiting.entries()) this.#decide(userId, count, waiter, here + place < total);
      }
      const gone = rows.filter(({ total }) => total === 0).map(({ userId }) => userId);
      if (gone.length > 0) await this.runStatement(deleteEmpty, [gone]);
    } catch (error) {
      this.processes.noteAway(error);
      throw error;
    }
  }
}

// One row for all processes of a user: it is locked before it is read, so that all of the room is given out and none of it
// twice. What dead ones wrote is taken out on the way. Rows are locked in one order everywhere.
const exchange = `
  with told as (
    select * from unnest($2::uuid[], $3::int[], $4::int[]) as told (user_id, here, wanted)
  ), locked as (
    select told.* from platform.socket_count join told using (user_id) order by user_id for update of socket_count
  ), updated as (
    update platform.socket_count as known set by_process = (
      select coalesce(jsonb_object_agg(each.key, each.value), '{}') ||
        jsonb_strip_nulls(jsonb_build_object($1::text, nullif(
          locked.here + greatest(0, least(locked.wanted, $5 - locked.here - coalesce(sum(each.value::int), 0))), 0)))
      from jsonb_each(known.by_process) as each join platform.api_process as process on process.id = each.key::uuid
      where each.key <> $1::text and ${isLive})
    from locked where known.user_id = locked.user_id returning known.user_id, by_process
  ), inserted as (
    insert into platform.socket_count (user_id, by_process)
    select user_id, jsonb_strip_nulls(jsonb_build_object($1::text, nullif(here + least(wanted, greatest(0, $5 - here)), 0)))
    from told where user_id not in (select user_id from locked) order by user_id
    on conflict do nothing returning user_id, by_process
  )
  select user_id as "userId", coalesce((by_process ->> $1::text)::int, 0) as total
  from (select * from updated union all select * from inserted) as written`;

const deleteEmpty = `delete from platform.socket_count where user_id = any($1::uuid[]) and by_process = '{}'`;

const deleteDead = `
  delete from platform.socket_count as known where not exists (
    select from jsonb_object_keys(known.by_process) as own
    join platform.api_process as process on process.id = own::uuid and ${isLive})`;
