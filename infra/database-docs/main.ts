import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { withMigratedDatabase } from '../migrated-database.js';
import { describeDatabase } from './describe.js';
import { databaseDocs, pageOf } from './page.js';

/** `npm run docs:database`: writes what the database is to `docs/database.md`. */
const { tables, faults } = await withMigratedDatabase(describeDatabase);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
} else {
  writeFileSync(databaseDocs, pageOf(tables));
}
