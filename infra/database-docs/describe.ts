import type { EntityClass, EntityMetadata } from '@mikro-orm/core';
import { entities } from '../../entities/index.js';
import { notesOf, type TableNotes } from '../../entities/table-notes.js';
import type { Orm } from '../../src/platform/database/orm.js';
import { readTables, type Table } from './catalogue.js';
import { readWords } from './words.js';

/** A table with what its entity says of it. */
export interface DescribedTable extends Table {
  /** `schema.table` */
  readonly path: string;
  /** What a row is. */
  readonly row: string;
  readonly notes: TableNotes;
  /** What columns are, by their names; a column of a foreign key may have nothing. */
  readonly meanings: ReadonlyMap<string, string>;
}

/** The tables of a database in the order of their entities, and what is missing, each with what to do. */
export interface DescribedDatabase {
  readonly tables: readonly DescribedTable[];
  readonly faults: readonly string[];
}

/** Describes a database that all migrations have made, with the words of the entities. */
export async function describeDatabase(orm: Orm): Promise<DescribedDatabase> {
  const known = new Map((await readTables(orm)).map((table) => [`${table.schema}.${table.name}`, table]));
  const words = readWords();
  const faults: string[] = [];
  const classes: readonly EntityClass<object>[] = entities;
  const tables = classes.flatMap((each) => {
    const entity = orm.getMetadata().get(each);
    const path = `${entity.schema}.${entity.tableName}`;
    const table = known.get(path);
    if (!table) return [];
    known.delete(path);
    const { row = '', fields = new Map<string, string>() } = words.get(entity.className) ?? {};
    const described = {
      ...table,
      path,
      row,
      notes: notesOf(each) ?? { kept: '' },
      meanings: meaningsOf(entity, fields),
    };
    faults.push(...faultsOf(described).map((fault) => `${entity.className}: ${fault}`));
    return [described];
  });
  return { tables, faults: [...faults, ...[...known.keys()].map((path) => `${path} has no entity.`)] };
}

function meaningsOf(entity: EntityMetadata, fields: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    entity.props.flatMap(({ name, fieldNames }) => fieldNames.map((column) => [column, fields.get(name) ?? ''])),
  );
}

function faultsOf({ row, notes, columns, meanings, constraints, indexes }: DescribedTable): string[] {
  const inForeignKeys = new Set(constraints.filter(({ kind }) => kind === 'foreign').flatMap(({ columns }) => columns));
  const why = notes.indexes ?? {};
  return [
    ...(row === '' ? ['say what a row is in a comment above the class.'] : []),
    ...(notes.kept === '' ? ['say in @Notes how long a row is kept.'] : []),
    ...columns
      .filter(({ name }) => !meanings.get(name) && !inForeignKeys.has(name))
      .map(({ name }) => `say what the column ${name} is, in its field's description or a comment above it.`),
    ...indexes.filter(({ name }) => !why[name]).map(({ name }) => `say in @Notes what the index ${name} is for.`),
    ...Object.keys(why)
      .filter((name) => !indexes.some((index) => index.name === name))
      .map((name) => `@Notes names the index ${name}, which does not exist.`),
  ];
}
