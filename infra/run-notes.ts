import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

/** Where the tests of a whole run note what it is asked for at its end; a run of some tests has no such folder. */
export const runNotesFolder = 'dist/run-notes';

/** Reads what the processes of a run have noted in a folder, a JSON object a line. */
export function readNotes<Schema extends z.ZodType>(folder: string, schema: Schema): z.output<Schema>[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => schema.parse(JSON.parse(line))),
  );
}
