import { type Context, runStatement } from '../kernel/context.js';
import { holds } from '../kernel/search.js';

/** Notes that are described, the newest that hold any of the words. */
const maxNotes = 5;
/** Characters of a note that are told. */
const maxLength = 400;
/** Words of a question that are looked for, the longest. */
const maxWords = 6;
const minWordLength = 4;

/**
 * The account's notes that have to do with a text, a line each with its id: those that hold one of its longer words. Empty
 * when none do.
 */
export async function describeNotesAbout(ctx: Context, accountId: string, text: string): Promise<string> {
  const words = wordsOf(text);
  if (words.length === 0) return '';
  const conditions = words.map((_, index) => holds('content', `$${index + 4}`)).join(' or ');
  const rows = await runStatement<{ line: string }>(
    ctx,
    `select format('- %s (id %s)', left(regexp_replace(content, '\\s+', ' ', 'g'), $3), id) as line from notes.note
     where account_id = $1 and not archived and (${conditions}) order by created_at desc limit $2`,
    [accountId, maxNotes, maxLength, ...words],
  );
  return rows.map(({ line }) => line).join('\n');
}

/** The longest words of a text say most of what it is about. */
function wordsOf(text: string): string[] {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  return [...words]
    .filter((word) => word.length >= minWordLength)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, maxWords);
}
