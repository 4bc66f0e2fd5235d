/**
 * A trigger by which the database refuses a row that hangs on somebody else's: both have a `user_id`, and they must be
 * the same. It takes no second unique index of the parent, as a composite foreign key would.
 */
export function sameOwnerTrigger(table: string, column: string, parent: string) {
  return {
    name: `${table.replace(/^.*\./, '')}_of_own_${column.replace(/_id$/, '')}`,
    timing: 'after' as const,
    events: ['insert' as const, 'update' as const],
    forEach: 'row' as const,
    body: `if tg_op = 'UPDATE' and new.${column} is not distinct from old.${column} and new.user_id = old.user_id then return null; end if; if exists (select from ${parent} p where p.id = new.${column} and p.user_id <> new.user_id) then raise exception '${table} hangs on another account''s ${parent}.' using errcode = 'foreign_key_violation'; end if; return null`,
  };
}
