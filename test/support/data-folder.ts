import { createHash } from 'node:crypto';
import { statfsSync } from 'node:fs';

/** What a run keeps at once, with room to spare: a database of 10 MB for each test that runs, and the log of writes. */
const enoughBytes = 2 * 1024 ** 3;

/**
 * Where a run's PostgreSQL keeps its files: in memory where there is enough of it, since a database for each test is
 * some 300 files, which take 20 ms to copy there and up to 0.5 s on a disk.
 */
export function testDataFolder(inMemory = '/dev/shm'): string {
  const ofThisCheckout = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12);
  return freeBytesOf(inMemory) < enoughBytes
    ? '.local/test-postgres'
    : `${inMemory}/perpetua-flow-${ofThisCheckout}/postgres`;
}

/** 0 where there is no such place, as on macOS. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
