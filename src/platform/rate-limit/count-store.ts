import type { RunStatement } from '../database/rows.js';
import type { SharedCount, Window } from './window.js';

/** The shared counts, as the database keeps them: a row for each limit and key, for as long as its minute lasts. */
export interface CountStore {
  /** Adds what each window owes, reserves what those wait for who are beyond the free share, and answers in the order of the windows. */
  exchange(windows: readonly Window[]): Promise<(SharedCount | undefined)[]>;
  /** Deletes rows whose minute is over, at most `most`, and answers how many. */
  deletePast(most: number): Promise<number>;
}

/** The store on a connection. */
export function countStore(runStatement: RunStatement): CountStore {
  return {
    exchange: async (windows) => {
      const now = performance.now();
      const rows = await runStatement<SharedCount & { place: number }>(exchange, [
        windows.map(({ terms }) => terms.name),
        windows.map(({ key }) => key),
        windows.map(({ terms }) => terms.perMinute),
        windows.map(({ debt }) => debt),
        windows.map(({ wanted }) => wanted),
        windows.map(({ endsAt }) => Math.max(0, endsAt - now)),
      ]);
      const counts = new Map(rows.map((row) => [row.place, row]));
      return windows.map((_, index) => counts.get(index + 1));
    },
    deletePast: async (most) => (await runStatement(deletePast, [most])).length,
  };
}

// A row that is there is locked before it is added to, so that no two processes are granted the same. All lock in the
// order of the keys: none waits for another that waits for it.
const exchange = `
  with told as (
    select place, name, key, per_minute, debt, least(wanted, greatest(0, per_minute - debt)) as wanted, ends_in_ms
    from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::float8[])
      with ordinality as each (name, key, per_minute, debt, wanted, ends_in_ms, place)),
  counted as (
    insert into platform.rate_limit as known (name, key, per_minute, total, granted, ends_at)
    select name, key, per_minute, debt + wanted, wanted, now() + ends_in_ms * interval '1 ms'
    from told order by name, key
    on conflict (name, key) do update set (per_minute, total, granted, ends_at) = (
      select excluded.per_minute, used + grantable, grantable, current_end
      from (
        select current_end, used, least(excluded.granted, greatest(0, excluded.per_minute - used)) as grantable
        from (
          select case when known.ends_at > now() then known.ends_at else excluded.ends_at end as current_end,
            case when known.ends_at > now() then known.total else 0 end + excluded.total - excluded.granted as used
        ) as current
      ) as decided)
    returning name, key, total, granted, ends_at)
  select place::int, total::float8, counted.granted::float8, (extract(epoch from ends_at - now()) * 1000)::float8 as "endsInMs"
  from counted join told using (name, key)`;

const deletePast = `
  delete from platform.rate_limit where (name, key) in (
    select name, key from platform.rate_limit where ends_at < now() order by ends_at limit $1 for update skip locked)
  returning 1`;
