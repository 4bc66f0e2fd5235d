import { Readable } from 'node:stream';
import { readPlan } from '../accounts/index.js';
import { type AccountFile, accountFiles } from '../files/index.js';
import { type AccountTable, accountRows } from '../kernel/account-tables.js';
import { asAccount, type Context } from '../kernel/context.js';
import { toRfc3339 } from '../kernel/scalars.js';
import { accountExportFile } from './account-export-file.js';
import { accountTables } from './account-tables.js';
import { exportReadme } from './export-readme.js';

/** Where the files of an export go, one after another: an archive, or a folder. */
export interface ExportSink {
  /** Takes all of `content`. @param path of names with `/` between them, each fit for any file system */
  add(path: string, content: Readable): Promise<void>;
}

/**
 * Writes all that is held of an account: what each file is, a JSON file for each kind of thing, and its files' bytes. No more
 * than a page of rows is in memory. What changes meanwhile may be in one file and not in another.
 * @throws UNAUTHENTICATED when there is no such account; when the store is away
 */
export async function exportInto(ctx: Context, accountId: string, sink: ExportSink): Promise<void> {
  const own = asAccount(ctx, accountId);
  await readPlan(own);
  await sink.add('README.txt', Readable.from([exportReadme(ctx.clock.now())]));
  for (const table of accountTables) {
    if (table.exported) await sink.add(`${table.exported.name}.json`, jsonOf(own, table));
  }
  for await (const file of accountFiles(own, accountExportFile)) {
    const content = await file.read();
    if (content) await sink.add(pathOf(file), content);
  }
}

/** An array, a row a line. */
function jsonOf(ctx: Context, table: AccountTable): Readable {
  return Readable.from(linesOf(ctx, table), { objectMode: false });
}

async function* linesOf(ctx: Context, table: AccountTable): AsyncGenerator<string, void, undefined> {
  let separator = '[\n';
  for await (const rows of accountRows(ctx, table)) {
    if (rows.length === 0) continue;
    yield separator + rows.map((row) => JSON.stringify(row)).join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** What files of a media type are called; others end in `.bin`. */
const endings: Readonly<Record<string, string>> = {
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/aac': 'aac',
};

/** `files/voice-recording/2026-11-29 0193….wav` */
function pathOf({ id, purpose, contentType, createdAt }: AccountFile): string {
  return `files/${purpose}/${toRfc3339(createdAt).slice(0, 10)} ${id}.${endings[contentType] ?? 'bin'}`;
}
