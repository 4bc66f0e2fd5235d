import type pg from 'pg';

/** What happened stays as it is: the processes add to these and read them. */
export const appendOnly = ['activity.event', 'activity.operator_action', 'billing.credit_entry'];
/** In production nobody moves time. */
export const shiftOfClock = 'platform.clock_shift';

/** The processes' role is missing or unfit; its message names the variable. */
export class RoleError extends Error {
  override readonly name = 'RoleError';
}

/**
 * Lets a role do what the processes do, and takes from it everything else: it makes, changes and drops no table, removes
 * and changes nothing in the append-only ones, and reaches no partition but through its table. Run again it comes to the
 * same. @throws RoleError when there is no such role, or it could do more by itself
 */
export async function grantToApp(
  client: pg.Client,
  role: string,
  { movableClock }: { readonly movableClock: boolean },
): Promise<void> {
  const app = await quotedRole(client, role);
  const schemas = await textsOf(
    client,
    `select quote_ident(nspname) as text from pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'public') and pg_get_userbyid(nspowner) = current_user`,
  );
  const partitions = await textsOf(
    client,
    `select inhrelid::regclass::text as text from pg_inherits where inhparent = 'activity.event'::regclass`,
  );
  const all = schemas.join(', ');
  // Together, so that whoever runs meanwhile never sees only a part of it.
  await client.query(`
    begin;
    revoke all on all tables in schema ${all} from ${app};
    grant usage on schema ${all} to ${app};
    grant select, insert, update, delete on all tables in schema ${all} to ${app};
    grant select on public.schema_migration to ${app};
    grant usage, select on all sequences in schema ${all} to ${app};
    grant execute on all functions in schema ${all} to ${app};
    revoke update, delete on ${appendOnly.join(', ')} from ${app};
    revoke all on ${partitions.join(', ')} from ${app};
    ${movableClock ? '' : `revoke insert, update, delete on ${shiftOfClock} from ${app};`}
    commit`);
}

/** Answers the role's name as SQL has it. @throws RoleError when there is no such role, or it could do more by itself */
export async function quotedRole(client: pg.Client, role: string): Promise<string> {
  const { rows } = await client.query<{ name: string; isOwner: boolean; isSuperuser: boolean }>(
    `select quote_ident(rolname) as name, rolname = current_user as "isOwner", rolsuper as "isSuperuser"
     from pg_roles where rolname = $1`,
    [role],
  );
  const [found] = rows;
  if (!found)
    throw new RoleError(`DATABASE_APP_ROLE: there is no role ${role}. Make it: create role … login password '…'`);
  if (found.isOwner || found.isSuperuser) {
    throw new RoleError(
      `DATABASE_APP_ROLE: ${role} may do everything by itself. Give the processes a role of their own.`,
    );
  }
  return found.name;
}

async function textsOf(client: pg.Client, query: string): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(query);
  return rows.map(({ text }) => text);
}
