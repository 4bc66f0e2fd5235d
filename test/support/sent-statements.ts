import pg from 'pg';
import { type SentStatement, sentStatementsFolder } from '../../infra/sent-statements.js';
import { allRows } from '../../src/kernel/rows.js';
import { appRoleName } from './config.js';
import { RunNotes } from './run-notes.js';

/** The queue words its own. */
const isOfQueue = /\bpgboss\./;

/**
 * Notes each statement with values that the apps of this process send, once, for what is asked of a whole run. The mapper
 * writes values into its texts, and tests have another role. Call it before anything connects.
 */
export function noteStatements(): void {
  const noted = new Set<string>();
  const notes = new RunNotes<SentStatement>(sentStatementsFolder);
  pg.Client.prototype.query = new Proxy(pg.Client.prototype.query, {
    apply: (query, client: pg.Client, args: unknown[]) => {
      const text = client.user === appRoleName ? textWithValues(args) : null;
      if (text !== null && !noted.has(text) && !isOfQueue.test(text)) {
        noted.add(text);
        notes.add(noteOf(text));
      }
      return Reflect.apply(query, client, args);
    },
  });
}

function noteOf(text: string): SentStatement {
  const lists = allRows.filter(({ columns }) => text.includes(columns));
  return { text, lists: lists.map(({ table, columns }) => ({ table, columns })) };
}

/** The text of a statement that is sent with values; null for any other. */
function textWithValues([config, given]: readonly unknown[]): string | null {
  const named =
    typeof config === 'object' && config !== null && 'text' in config ? config : { text: config, values: given };
  const { text } = named;
  const values: unknown = 'values' in named ? named.values : undefined;
  return typeof text === 'string' && Array.isArray(values) && values.length > 0 ? text : null;
}
