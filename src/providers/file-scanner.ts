import type { Readable } from 'node:stream';

/** Looks through files for what harms whoever opens them. */
export interface FileScanner {
  /** @throws when it cannot say now */
  scan(content: Readable, signal: AbortSignal): Promise<'CLEAN' | 'INFECTED'>;
}
