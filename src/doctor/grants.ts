import type { Finding } from '../admin/finding.js';
import { appendOnly, shiftOfClock } from '../grants.js';
import { reliedSettings } from '../migrate.js';
import { ok, type Variables, warning, withConnection, wrong } from './check.js';
import { databaseUrlOf } from './database-url.js';

const migrateAgain = 'Run `migrate` with DATABASE_APP_ROLE: it grants what the processes need, and no more.';

/** Tables that the role may not use as the processes do, functions that it may not call, and append-only ones that it could change. */
const grants = `
  with own as (
    select c.oid, c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
  )
  select name, 'LACKS' as fault from own
  where not (has_table_privilege(oid, 'select') and (name = $2
    or has_table_privilege(oid, 'insert') and (name = any($1::text[])
      or has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))))
  union all
  select oid::regprocedure::text, 'LACKS' from pg_proc
  where pronamespace = 'upkeep'::regnamespace and not has_function_privilege(oid, 'execute')
  union all
  select name, 'MAY_CHANGE' from own
  where name = any($1::text[]) and (has_table_privilege(oid, 'update') or has_table_privilege(oid, 'delete'))
  order by 1`;

/** Whether the role of DATABASE_URL may do what the processes do, and in production no more. */
export async function checkGrants(variables: Variables): Promise<readonly Finding[]> {
  const check = 'grants';
  const found = await withConnection(databaseUrlOf(variables), (run) =>
    run<{ name: string; fault: 'LACKS' | 'MAY_CHANGE' }>(grants, [appendOnly, shiftOfClock]),
  );
  const namesOf = (fault: 'LACKS' | 'MAY_CHANGE') =>
    found.filter((each) => each.fault === fault).map(({ name }) => name);
  const [lacking, changeable] = [namesOf('LACKS'), namesOf('MAY_CHANGE')];
  if (lacking.length > 0) {
    const [first, ...others] = lacking;
    return [
      wrong(
        check,
        `The role may not use ${first}${others.length > 0 ? ` and ${others.length} more` : ''}.`,
        migrateAgain,
      ),
    ];
  }
  if (changeable.length > 0 && variables.NODE_ENV === 'production') {
    const says = `The role could change what is only added to: ${changeable.join(', ')}.`;
    return [warning(check, says, `Give the processes a role that owns nothing. ${migrateAgain}`)];
  }
  return [ok(check, 'The role may do what the processes do.')];
}

/** Whether the database has the settings that the code relies on, which a copy of one has not. */
export async function checkSettings(variables: Variables): Promise<readonly Finding[]> {
  const check = 'settings';
  const rows = await withConnection(databaseUrlOf(variables), (run) =>
    run<{ name: string; is: string }>('select name, current_setting(name) as is from unnest($1::text[]) as name', [
      Object.keys(reliedSettings),
    ]),
  );
  const others = rows.filter(({ name, is }) => reliedSettings[name] !== is).map(({ name, is }) => `${name} is ${is}`);
  if (others.length === 0) return [ok(check, 'They are as `migrate` sets them.')];
  return [wrong(check, `${others.join(', ')}.`, 'Run `migrate`, which sets what the code relies on.')];
}
