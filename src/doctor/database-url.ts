import type { Variables } from './check.js';

/** The address for queries. @throws Error when none is set */
export function databaseUrlOf({ DATABASE_URL, DIRECT_URL, MIGRATE_URL }: Variables): string {
  const url = DATABASE_URL ?? DIRECT_URL ?? MIGRATE_URL;
  if (url === null) throw new Error('no address of the database is set');
  return url;
}

/** The address past a pooler. @throws Error when none is set */
export function directUrlOf(variables: Variables): string {
  return variables.DIRECT_URL ?? databaseUrlOf(variables);
}
