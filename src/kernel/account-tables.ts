import { type Context, requireAccount, runStatement, type Tx } from './context.js';
import { columnsOf, type EntityClass, type FieldOf, fieldsOfType } from './rows.js';
import { toRfc3339 } from './scalars.js';

/** Why something is as it is, for whoever wonders. */
type Reason = string;

/** What becomes of a table's rows when their account is deleted. */
type OnDeletion =
  | { readonly kind: 'DELETED' }
  /** They go with the rows of another table, of which each has a few. */
  | { readonly kind: 'WITH'; readonly table: string }
  /** Their domain has a way of its own. */
  | { readonly kind: 'BY'; readonly remove: RemoveBatch }
  /** They stay, without anything that names somebody; each column that may be any text says why it may. */
  | { readonly kind: 'STAYS'; readonly reason: Reason; readonly texts: Readonly<Record<string, Reason>> };

/** Removes so many rows of the transaction's account at most. */
export type RemoveBatch = (tx: Tx, most: number) => Promise<RemovedBatch>;

/** How far the removal of a table's rows has come: nothing is left, more can be removed now, or others have to do their part first. */
export type RemovedBatch = 'NOTHING_LEFT' | 'MORE' | 'LATER';

/** A table of which accounts, or their persons, have rows. */
export interface AccountTable {
  /** `schema.table` */
  readonly table: string;
  /** Which rows are an account's: a condition on `$1`, its id; `false` where nobody asks for them by themselves. */
  readonly where: string;
  /** Columns by which an account's rows are told apart, in the order in which they are read and deleted. */
  readonly order: readonly string[];
  /** Null where the account's user gets none of it: `left` says why. */
  readonly exported: ExportedTable | null;
  /** What the account's user does not get, by its field, or all of it as `*`. */
  readonly left: Readonly<Record<string, Reason>>;
  readonly onDeletion: OnDeletion;
}

/** How a table stands in an export. */
interface ExportedTable {
  /** The name of its file, without an ending. */
  readonly name: string;
  /** What is in it, for its reader: a sentence. */
  readonly what: string;
  /** The select list, each column under its field's name. */
  readonly columns: string;
  /** Its fields, in that order. */
  readonly fields: readonly string[];
  /** Those of them that are moments. */
  readonly moments: ReadonlySet<string>;
}

/** What a domain says of one of its tables. */
interface Said<Field extends string> {
  /** The field that names the account or the person, or a condition on `$1`. */
  readonly of: Field | { readonly where: string };
  readonly order: readonly Field[];
  readonly onDeletion: OnDeletion;
}

interface SaidOfExported<Field extends string> extends Said<Field> {
  readonly name: string;
  readonly what: string;
  readonly left?: Readonly<Partial<Record<Field, Reason>>>;
}

/** Describes a table whose rows an account's user gets: all columns but those that are left out for a reason. */
export function accountTable<Entity extends object>(
  entity: EntityClass<Entity>,
  { name, what, left = {}, ...said }: SaidOfExported<FieldOf<Entity>>,
): AccountTable {
  // Whose it is needs no saying in each row.
  const owner =
    typeof said.of === 'string' && said.of !== 'id' ? { [said.of]: 'Whose it is: the same in each row.' } : {};
  const reasons: Readonly<Record<string, Reason>> = { ...owner, ...left };
  const { table, columnOf } = columnsOf(entity);
  const fields = Object.keys(columnOf).filter((field) => !(field in reasons));
  const large = fieldsOfType(entity, 'bigint');
  // The driver answers large numbers as texts; none of ours is beyond what JSON can say.
  const columns = fields.map((field) => `"${columnOf[field]}"${large.has(field) ? '::float8' : ''} as "${field}"`);
  const moments = fieldsOfType(entity, 'timestamptz');
  const exported = { name, what, columns: columns.join(', '), fields, moments };
  return { ...placeOf({ table, columnOf }, said), exported, left: reasons };
}

/** Describes a table of which an account's user gets nothing, and says why. */
export function unexportedTable<Entity extends object>(
  entity: EntityClass<Entity>,
  { because, ...said }: Said<FieldOf<Entity>> & { readonly because: Reason },
): AccountTable {
  return { ...placeOf(columnsOf(entity), said), exported: null, left: { '*': because } };
}

/** Describes a table of which an account's user gets nothing, and whose rows go with those of another table. */
export function accompanyingTable(
  entity: EntityClass<object>,
  { because, goesWith }: { readonly because: Reason; readonly goesWith: string },
): AccountTable {
  const onDeletion = { kind: 'WITH', table: goesWith } as const;
  return {
    ...placeOf(columnsOf(entity), { of: { where: 'false' }, order: [], onDeletion }),
    exported: null,
    left: { '*': because },
  };
}

function placeOf(
  { table, columnOf }: { readonly table: string; readonly columnOf: Readonly<Record<string, string>> },
  { of, order, onDeletion }: Said<string>,
): Pick<AccountTable, 'table' | 'where' | 'order' | 'onDeletion'> {
  const column = (field: string) => `"${columnOf[field] ?? field}"`;
  const where = typeof of === 'string' ? `${column(of)} = $1` : of.where;
  const [schema, name] = table.split('.');
  return { table: `${schema}."${name}"`, where, order: order.map(column), onDeletion };
}

/** Deletes the first rows of the transaction's account, so many at most. */
export async function deleteBatch(
  tx: Tx,
  { table, where, order }: Pick<AccountTable, 'table' | 'where' | 'order'>,
  most: number,
): Promise<RemovedBatch> {
  const [row] = await runStatement<{ count: number }>(
    tx,
    `with gone as (
       delete from ${table} where ctid = any(array(
         select ctid from ${table} where ${where} order by ${order.join(', ')} limit $2)) and ${where} returning 1
     ) select count(*)::int as count from gone`,
    [tx.unit.account.id, most],
  );
  return row?.count === most ? 'MORE' : 'NOTHING_LEFT';
}

/** Rows that are in memory at once, some of which have texts of 32,000 characters. */
const pageSize = 200;

/** All that the context's account has in a table, page by page: field by field as its user gets it, moments as RFC 3339. */
export async function* accountRows(
  ctx: Context,
  { table, where, order, exported }: AccountTable,
): AsyncGenerator<readonly object[], void, undefined> {
  if (!exported) return;
  const place = `array[${order.map((column) => `${column}::text`).join(', ')}]`;
  const beyond = `(${order.join(', ')}) > (${order.map((_, index) => `$${index + 3}`).join(', ')})`;
  let after: readonly string[] | null = null;
  do {
    const rows: PlacedRow[] = await runStatement<PlacedRow>(
      ctx,
      `select ${exported.columns}, ${place} as "at its place" from ${table}
       where ${where} ${after ? `and ${beyond}` : ''} order by ${order.join(', ')} limit $2`,
      [requireAccount(ctx), pageSize, ...(after ?? [])],
    );
    yield rows.map((row) => readable(row, exported));
    after = rows.length === pageSize ? (rows.at(-1)?.['at its place'] ?? null) : null;
  } while (after !== null);
}

interface PlacedRow {
  readonly [field: string]: unknown;
  readonly 'at its place': readonly string[];
}

function readable(row: PlacedRow, { fields, moments }: ExportedTable): object {
  return Object.fromEntries(
    fields.map((field) => {
      const value = row[field];
      return [field, moments.has(field) && typeof value === 'string' ? toRfc3339(value) : value];
    }),
  );
}
