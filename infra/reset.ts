import { rmSync } from 'node:fs';
import { readVariables } from '../src/config.js';
import { defaultFilesFolder } from '../src/providers.js';
import { claimLocalFiles, environment, localFiles } from './local-files.js';
import { FolderInUseError } from './postgres/claim.js';
import { removeEmbeddedData } from './postgres/embedded.js';

/** `npm run reset`: removes what `npm start` keeps, so that the next one begins anew. @throws while one runs */
async function reset(): Promise<void> {
  const { DATABASE_URL, EMBEDDED_POSTGRES_FOLDER } = readVariables(environment());
  const release = claimLocalFiles();
  try {
    if (DATABASE_URL) console.log('DATABASE_URL names a database of your own; that one stays as it is.');
    else rmSync(defaultFilesFolder, { recursive: true, force: true });
    console.log(`Removed: ${await removeEmbeddedData(EMBEDDED_POSTGRES_FOLDER, (line) => console.log(line))}`);
    // A database that stays goes on with what was paid.
    const gone = Object.values(localFiles).filter((file) => !DATABASE_URL || file !== localFiles.payments);
    for (const file of gone) rmSync(file, { force: true });
  } finally {
    release();
  }
}

try {
  await reset();
} catch (error) {
  console.error(error instanceof FolderInUseError ? error.message : error);
  process.exit(1);
}
