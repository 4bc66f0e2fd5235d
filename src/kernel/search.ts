import { field } from './input.js';

/** Characters that can be searched for. */
const maxSearchLength = 200;

/** What a list is searched for; null when it is not, or for blanks alone. */
export const searchText = field
  .paragraphs(0, maxSearchLength)
  .transform((text) => text.trim() || null)
  .nullish()
  .transform((text) => text ?? null);

/**
 * What Unicode's full case folding leaves different though it looks the same: `İ` becomes an `i` with a second dot, and
 * `ΐ` and `ΰ` fall into three characters where their capitals have two. `normalize` over whole texts would mend the
 * latter too, for 30 times the price of the folding.
 */
const alike = [
  ['i\\0307', 'i'],
  ['\\03B9\\0308', '\\03CA'],
  ['\\03C5\\0308', '\\03CB'],
];

/**
 * A text as searching compares it, in SQL: case folded (ß is ss, ς is σ), accents kept; a tab or a line's end is a space,
 * as in titles.
 */
function folded(text: string): string {
  return alike.reduce(
    (sql, [from, to]) => `replace(${sql}, U&'${from}', U&'${to}')`,
    `casefold(translate(${text}, chr(9) || chr(10), '  ') collate pg_unicode_fast)`,
  );
}

/** The SQL condition that a text holds what is searched for, whatever the case of either. */
export function holds(text: string, searched: string): string {
  return `strpos(${folded(text)}, ${folded(searched)}) > 0`;
}
