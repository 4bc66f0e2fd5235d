import { z } from 'zod';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, load, requireAccount } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parse, parseErrors, parseId } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { holds, searchText } from '../kernel/search.js';
import { type NoteRow, noteRows, unsafeNotesById } from './note-rows.js';

export const readNoteErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** The caller's note. */
export async function readNote(ctx: Context, id: string): Promise<NoteRow> {
  return requireMay(ctx, 'read note', await load(ctx, unsafeNotesById, parseId(id)));
}

const Filter = z
  .strictObject({
    archived: z.boolean().nullish(),
    search: searchText,
  })
  .nullish();

function listOf(ctx: Context, given: unknown): KeysetList {
  const { filter } = parse(z.object({ filter: Filter }), { filter: given });
  return {
    name: 'notes',
    columns: noteRows.columns,
    from: 'notes.note',
    where: `account_id = $1 and archived = $2 and ($3::text is null or ${holds('content', '$3')})`,
    values: [requireAccount(ctx), filter?.archived ?? false, filter?.search ?? null],
    sortKey: 'created_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

export const listNotesErrors: DeclaredErrors = { ...parseErrors, ...pageErrors };

/** One page of the caller's notes, newest first; archived ones alone, or none of them. */
export function listNotes(
  ctx: Context,
  filter: unknown,
  page: PageArguments,
  withCount: boolean,
): Promise<Page<NoteRow>> {
  return readPage<NoteRow>(ctx, listOf(ctx, filter), page, withCount);
}

/** How many notes the whole list has. */
export function countNotes(ctx: Context, filter: unknown): Promise<number> {
  return countList(ctx, listOf(ctx, filter));
}
