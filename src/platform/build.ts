import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Which build of the product runs. */
export interface Build {
  readonly version: string;
  /** The commit that it was built from; empty when nobody said. */
  readonly commit: string;
}

/** The version in package.json. From `dist/src/platform`, where this runs. */
export function readVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
