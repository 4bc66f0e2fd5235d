import { EntityMetadata, MetadataStorage, UnderscoreNamingStrategy } from '@mikro-orm/core';
import type { Timestamp } from './scalars.js';

/** What an entity stores: all but its methods. */
export type ColumnsOf<Entity> = {
  [Key in keyof Entity as Entity[Key] extends (...args: never[]) => unknown ? never : Key]: Entity[Key];
};

/**
 * An entity as reads see it: its columns without an object around them. The driver answers every moment as the text that
 * PostgreSQL prints; it is a `Date` only where the thing itself was at hand.
 */
export type RowOf<Entity> = {
  readonly [Key in keyof ColumnsOf<Entity>]: Date extends Entity[Key] ? Entity[Key] | Timestamp : Entity[Key];
};

/** An entity made of all that it stores. The entity manager does not know it, so whoever changes it writes that. */
export function entityOf<Entity extends object, Fields extends ColumnsOf<Entity>>(
  type: new (from: Fields) => Entity,
  fields: Fields,
): Entity {
  // The constructor knows what a new one has; the rest has come since.
  return Object.assign(new type(fields), fields);
}

/** Rows by their parents, in the order of the parents' ids; an empty list for one that has none. */
export function groupedBy<Row>(ids: readonly string[], rows: readonly Row[], parentOf: (row: Row) => string): Row[][] {
  const byParent = Map.groupBy(rows, parentOf);
  return ids.map((id) => byParent.get(id) ?? []);
}

/** Some columns of an entity, as SQL reads them. */
export interface Rows<Row> {
  /** The table, as `schema.table`. */
  readonly table: string;
  /** The select list: each column under its field's name. */
  readonly columns: string;
  /** The column of each field. */
  readonly columnOf: Readonly<Record<string, string>>;
  /** For the compiler alone: nothing is there. */
  readonly row?: Row;
}

/** One of these rows. */
export type RowIn<Of> = Of extends Rows<infer Row> ? Row : never;

/** An entity's class. */
export type EntityClass<Entity> = abstract new (...args: never[]) => Entity;
/** A field of an entity that is a column. */
export type FieldOf<Entity> = keyof ColumnsOf<Entity> & string;

/** The same as the mapper has. */
const naming = new UnderscoreNamingStrategy();

/** Every list of columns, made where code is loaded: a law compares each with what the database answers. */
export const allRows: Pick<Rows<unknown>, 'table' | 'columns'>[] = [];

/** Rows with these fields of an entity, which alone says what their columns are called. */
export function rowsOf<Entity extends object, Field extends FieldOf<Entity>>(
  entity: EntityClass<Entity>,
  fields: readonly Field[],
): Rows<Pick<RowOf<Entity>, Field>> {
  return listed(entity, new Set(fields));
}

/** Rows with all fields of an entity but these: a new column is read until somebody decides otherwise. */
export function rowsWithout<Entity extends object, Field extends FieldOf<Entity> = never>(
  entity: EntityClass<Entity>,
  leftOut: readonly Field[],
): Rows<Omit<RowOf<Entity>, Field>> {
  const others = new Set(Object.keys(metadataOf(entity).properties));
  for (const field of leftOut) others.delete(field);
  return listed(entity, others);
}

function listed<Row>(entity: EntityClass<object>, fields: ReadonlySet<string>): Rows<Row> {
  const { table, columnOf: all } = columnsOf(entity);
  const columnOf = Object.fromEntries([...fields].map((field) => [field, all[field] ?? field]));
  const columns = Object.entries(columnOf).map(([field, column]) =>
    column === field ? column : `${column} as "${field}"`,
  );
  const rows = { table, columns: columns.join(', '), columnOf };
  allRows.push(rows);
  return rows;
}

/** The column of each field of an entity. */
export function columnsOf(entity: EntityClass<object>): {
  readonly table: string;
  readonly columnOf: Readonly<Record<string, string>>;
} {
  const { properties, schema, tableName } = metadataOf(entity);
  const columnOf = Object.fromEntries(
    Object.entries(properties).map(([field, property]) => [field, columnOfField(field, property)]),
  );
  return { table: `${schema}.${tableName ?? naming.classToTableName(entity.name)}`, columnOf };
}

/** The fields of an entity whose columns have this type, such as `timestamptz`. */
export function fieldsOfType(entity: EntityClass<object>, type: string): ReadonlySet<string> {
  const properties = Object.entries(metadataOf(entity).properties);
  return new Set(properties.filter(([, property]) => property.type === type).map(([field]) => field));
}

/** As the mapper finds it, of which the types know only what it finds later: the decorator's name, or one of the field's. */
function columnOfField(field: string, property: object | undefined): string {
  const given: unknown = property && Reflect.get(property, 'fieldName');
  return typeof given === 'string' ? given : naming.propertyToColumnName(field);
}

/** What the decorators of an entity have said, which is known without a mapper. */
function metadataOf(entity: EntityClass<object>): EntityMetadata {
  const metadata: unknown = Reflect.get(entity, MetadataStorage.META_SYMBOL);
  if (!(metadata instanceof EntityMetadata)) throw new Error(`${entity.name} is no entity.`);
  return metadata;
}
