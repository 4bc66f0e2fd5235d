import { Batches } from '../batches.js';
import type { RunStatement } from '../database/rows.js';
import { isLive, type LiveProcesses } from '../live-processes.js';

/** How long a socket waits to hear of those elsewhere; then this process decides alone. */
const patienceMs = 1_000;
const batchOptions = { coalesceMs: 3, maxKeys: 500, maxBatches: 100 };

/** What a user has open. */
interface Count {
  /** In this process, with those that wait to be let in. */
  here: number;
  /** In the others, when that was last heard of. */
  elsewhere: number;
}

/**
 * How many sockets each user has open, in all processes together: while there are others, a process tells them of each
 * that opens or closes, and lets none in before it has heard of theirs. Those of a process that died do not count.
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
    const count = this.#counts.get(userId) ?? { here: 0, elsewhere: 0 };
    if (count.here >= this.maxPerUser) return false;
    this.#counts.set(userId, count);
    count.here += 1;
    if (this.processes.others > 0) await this.#hear(userId);
    const elsewhere = this.processes.others > 0 ? count.elsewhere : 0;
    if (count.here + elsewhere <= this.maxPerUser) return true;
    this.leave(userId);
    return false;
  }

  /** One has closed. */
  leave(userId: string): void {
    const count = this.#counts.get(userId);
    if (!count) return;
    count.here -= 1;
    if (count.here === 0) this.#counts.delete(userId);
    this.#tell(userId);
  }

  /** Waits until the others know. */
  async close(): Promise<void> {
    await this.#batches.settled();
    await this.#forgetting;
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

  #hear(userId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs);
    this.#batches.add(userId).then(resolve, () => resolve());
    return promise.finally(() => clearTimeout(timer));
  }

  async #exchange(userIds: readonly string[]): Promise<void> {
    try {
      const here = userIds.map((userId) => this.#counts.get(userId)?.here ?? 0);
      const rows = await this.runStatement<{ userId: string; elsewhere: number }>(exchange, [
        this.processes.id,
        userIds,
        here,
      ]);
      for (const { userId, elsewhere } of rows) {
        const count = this.#counts.get(userId);
        if (count) count.elsewhere = elsewhere;
      }
      const gone = userIds.filter((_, index) => here[index] === 0);
      if (gone.length > 0) await this.runStatement(deleteEmpty, [gone]);
    } catch (error) {
      this.processes.noteAway(error);
      throw error;
    }
  }
}

// One row for all processes of a user: it is locked before it is read, so that no two let the last one in. What dead
// ones wrote is taken out on the way.
const exchange = `
  insert into platform.socket_count as known (user_id, by_process)
  select user_id, case when here > 0 then jsonb_build_object($1::text, here) else '{}' end
  from unnest($2::uuid[], $3::int[]) as told (user_id, here) order by user_id
  on conflict (user_id) do update set by_process = excluded.by_process || (
    select coalesce(jsonb_object_agg(each.key, each.value), '{}')
    from jsonb_each(known.by_process) as each join platform.api_process as process on process.id = each.key::uuid
    where each.key <> $1::text and ${isLive})
  returning user_id as "userId",
    (select coalesce(sum(each.value::int), 0)::int from jsonb_each(by_process) as each where each.key <> $1::text) as elsewhere`;

const deleteEmpty = `delete from platform.socket_count where user_id = any($1::uuid[]) and by_process = '{}'`;

const deleteDead = `
  delete from platform.socket_count as known where not exists (
    select from jsonb_object_keys(known.by_process) as own
    join platform.api_process as process on process.id = own::uuid and ${isLive})`;
