import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { runNotesFolder } from './run-notes.js';

/** Where the statements of a whole run are noted; a run of some tests has no such folder. */
export const sentStatementsFolder = join(runNotesFolder, 'statements');
/** What is wrong with them, a line each, for whoever started the run. */
export const statementFaultsFile = join(runNotesFolder, 'statement-faults.txt');

/** A statement of the code, and the lists of columns in it. */
export const SentStatement = z.object({
  text: z.string(),
  lists: z.array(z.object({ table: z.string(), columns: z.string() })),
});
export type SentStatement = z.infer<typeof SentStatement>;

/** A column of what a statement answers. */
interface Answered {
  readonly name: string;
  readonly dataTypeID: number;
}

/**
 * Types with a JavaScript value of their own. Others the driver answers as text of one kind or another, and moments
 * without a zone as if they were local: they are cast to one of these.
 */
const { BOOL, DATE, FLOAT8, INT2, INT4, INT8, JSON: json, JSONB, TEXT, TIMESTAMPTZ, UUID, VARCHAR } = pg.types.builtins;
/** Arrays of text, uuid, double precision, json and jsonb; `void`, and `name`. */
const others = [1009, 2951, 1022, 199, 3807, 2278, 19];
const known: ReadonlySet<number> = new Set([
  ...[BOOL, DATE, FLOAT8, INT2, INT4, INT8, json, JSONB, TEXT, TIMESTAMPTZ, UUID, VARCHAR],
  ...others,
]);

/**
 * Statements that a migrated database does not take, or answers otherwise than the code reads it: under another name than
 * the field's, or as another type than the table's column. Each with what to do.
 */
export async function statementFaults(client: pg.Client, statements: readonly SentStatement[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { text, lists } of statements) {
    const start = text.replaceAll(/\s+/g, ' ').slice(0, 100);
    const answered = await describe(client, text);
    if (answered instanceof Error) {
      faults.push(`${start} … cannot be prepared: ${answered.message}`);
      continue;
    }
    const strange = answered.filter(({ dataTypeID }) => !known.has(dataTypeID));
    faults.push(...strange.map((column) => `${start} … answers ${column.name} as a type without a value: cast it.`));
    for (const list of lists) {
      const found = await listFaults(client, list, answered);
      faults.push(...found.map((fault) => `${start} … ${fault}`));
    }
  }
  return faults;
}

/** What is wrong with how a list of columns comes back. */
async function listFaults(
  client: pg.Client,
  { table, columns }: SentStatement['lists'][number],
  answered: readonly Answered[],
): Promise<string[]> {
  const own = await describe(client, `select ${columns} from ${table}`);
  if (own instanceof Error) return [`reads what ${table} does not have: ${own.message}`];
  return own.flatMap(({ name, dataTypeID }) => {
    const found = answered.find((each) => each.name === name);
    if (dataTypeID === INT8) return [`reads ${name} of ${table}, which comes as text: leave it out and cast it.`];
    if (!found) return [`answers no ${name} of ${table}: keep its name.`];
    return found.dataTypeID === dataTypeID ? [] : [`answers ${name} of ${table} as another type: keep it.`];
  });
}

/** What a statement would answer, or why it cannot be prepared; it is not run. */
function describe(client: pg.Client, text: string): Promise<readonly Answered[] | Error> {
  const { promise, resolve } = Promise.withResolvers<readonly Answered[] | Error>();
  client.query(new Description(text, resolve));
  return promise;
}

/** Parse and Describe of PostgreSQL's protocol, as pg's client takes them. */
class Description {
  #answer: readonly Answered[] = [];

  constructor(
    private readonly text: string,
    private readonly done: (answer: readonly Answered[] | Error) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.parse({ name: '', text: this.text, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Answered[] }): void {
    this.#answer = fields;
  }

  handleError(error: Error): void {
    // The client asks for nothing more of what has failed.
    this.done(error);
  }

  handleReadyForQuery(): void {
    this.done(this.#answer);
  }
}
