import type { Writable } from 'node:stream';
import { mendedLine } from '../kernel/text.js';

/** What a cell of a table can hold. */
type Cell = string | number | boolean | Date | null | undefined;

/** Characters of a cell: what is longer is cut off, and `--json` has it whole. */
const maxCell = 80;

/** One line, whatever is in it: a terminal acts on control characters. */
export function lineOf(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  return mendedLine(cell instanceof Date ? cell.toISOString() : String(cell), maxCell);
}

/**
 * Rows below their headings, in columns.
 * @param nothing is said in place of a table without rows
 * @param limit as many rows were asked for at most: where there are as many, that is said
 */
export function tableOf(
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  nothing: string,
  limit = Number.POSITIVE_INFINITY,
): string {
  if (rows.length === 0) return nothing;
  const lines = [headings, ...rows.map((row) => row.map(lineOf))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .concat(rows.length < limit ? [] : `${limit} are shown: there may be more.`)
    .join('\n');
}

/** Names and values, one below the other. */
export function listOf(pairs: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${lineOf(value)}`).join('\n');
}

/** A moment as PostgreSQL prints it or as JavaScript has it, in the form that all print. */
export function momentOf(moment: string | Date | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

/**
 * Writes a text and its end of line, and waits until all of it is out: a pipe takes 64 KB and then waits for its reader,
 * while the process ends behind this. What is left for a reader that is gone is dropped.
 */
export async function print(output: Writable, text: string): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    output.once('error', () => resolve()).once('close', resolve);
  });
  const written = new Promise<void>((resolve) => {
    output.write(`${text}\n`, () => resolve());
  });
  await Promise.race([gone, written]);
}
