import { writeFileSync } from 'node:fs';

/** One measured figure beside its bar. */
export interface Figure {
  readonly scenario: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What it must reach or keep below; null for figures that only explain. */
  readonly bar: number | null;
  readonly holds: boolean | null;
}

/** A figure that must be at least `bar`. */
export function atLeast(scenario: string, figure: string, value: number, unit: string, bar: number): Figure {
  return { scenario, figure, value, unit, bar, holds: value >= bar };
}

/** A figure that must be at most `bar`. */
export function atMost(scenario: string, figure: string, value: number, unit: string, bar: number): Figure {
  return { scenario, figure, value, unit, bar, holds: value <= bar };
}

/** A figure without a bar. */
export function plain(scenario: string, figure: string, value: number, unit: string): Figure {
  return { scenario, figure, value, unit, bar: null, holds: null };
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that `part` of the values do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/**
 * Prints the figures, and writes them as JSON where that is asked for. Ends the process: with 1 when a bar is missed.
 */
export function reportAll(
  figures: readonly Figure[],
  { isPinned, json }: { readonly isPinned: boolean; readonly json: string | undefined },
): never {
  console.log(
    isPinned ? 'The server has one core, everything else another.' : 'Not pinned: no taskset, or one core only.',
  );
  console.log(table(figures));
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  process.exit(figures.some(({ holds }) => holds === false) ? 1 : 0);
}

/** A table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ scenario, figure, value, unit, bar, holds }) => [
    scenario,
    figure,
    `${value < 10 ? value.toFixed(3) : Math.round(value).toLocaleString('en')} ${unit}`,
    bar === null ? '' : String(bar),
    holds === null ? '' : holds ? 'holds' : 'MISSED',
  ]);
  const all = [['scenario', 'figure', 'value', 'bar', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
