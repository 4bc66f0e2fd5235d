import { existsSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { removeEmbeddedData } from '../../infra/postgres/embedded.js';
import { readNotes } from '../../infra/run-notes.js';
import {
  SentStatement,
  sentStatementsFolder,
  statementFaults,
  statementFaultsFile,
} from '../../infra/sent-statements.js';
import { templateDatabase } from './config.js';
import { testDataFolder } from './data-folder.js';
import { running } from './running.js';

/** Compares the statements of a whole run with a database that has only what migrations made. */
async function checkSentStatements(adminUrl: string): Promise<void> {
  const statements = readNotes(sentStatementsFolder, SentStatement);
  const client = new pg.Client({ connectionString: adminUrl.replace(/postgres$/, templateDatabase) });
  await client.connect();
  try {
    writeFileSync(statementFaultsFile, (await statementFaults(client, statements)).join('\n'));
  } finally {
    await client.end();
  }
}

/** Looks at what the run has sent, and stops its PostgreSQL. */
export default async function teardown(): Promise<void> {
  if (running.database && existsSync(sentStatementsFolder)) await checkSentStatements(running.database.adminUrl);
  await running.database?.stop();
  await removeEmbeddedData(testDataFolder(), () => undefined);
}
