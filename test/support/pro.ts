import type { Harness } from './harness.js';
import type { Person } from './person.js';

/** Has a person's account on Pro, with so many bought credits beside those that it has, behind the app's back. */
export async function makePro({ id }: Person, world: Pick<Harness, 'sql'>, credits = 100): Promise<void> {
  await world.sql("update accounts.account set plan = 'PRO' where id = $1", [id]);
  if (credits === 0) return;
  await world.sql(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     values (gen_random_uuid(), $1, 'GRANT', 'PURCHASED', $2, 'test', 'test', now())`,
    [id, credits],
  );
}
