import type pg from 'pg';

/** Runs one statement with `$1` placeholders and answers its rows. */
export type RunStatement = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** Statement names by text: PostgreSQL prepares each text once per connection. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = `statement_${names.size}`;
    names.set(text, name);
  }
  return name;
}

/**
 * Reads plain rows with prepared statements, on any free connection of the pool. Texts must come from code, never from
 * users, since each is kept for ever.
 */
export function rowReader(pool: pg.Pool): RunStatement {
  return async <Row extends object>(text: string, values: readonly unknown[]) => {
    const { rows } = await pool.query<Row>({ name: nameOf(text), text, values: [...values] });
    return rows;
  };
}
