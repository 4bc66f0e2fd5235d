import type { Timestamp } from './scalars.js';

/** What an entity stores: all but its methods. */
export type ColumnsOf<Entity> = {
  [Key in keyof Entity as Entity[Key] extends (...args: never[]) => unknown ? never : Key]: Entity[Key];
};

/**
 * An entity as reads see it: its columns without an object around them, moments as PostgreSQL prints them. What a read
 * leaves out is named with `Omit`, so that a new column of the entity is read until somebody decides otherwise.
 */
export type RowOf<Entity> = {
  readonly [Key in keyof ColumnsOf<Entity>]: Date extends Entity[Key] ? Entity[Key] | Timestamp : Entity[Key];
};

/** The select list of a row, from the SQL of each of its fields: the compiler refuses one that is missing or unknown. */
export function selectList<Row>(columns: Readonly<Record<keyof Row & string, string>>): string {
  return Object.entries<string>(columns)
    .map(([field, column]) => (column === field ? column : `${column} as "${field}"`))
    .join(', ');
}
