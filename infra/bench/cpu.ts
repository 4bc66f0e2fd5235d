import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** Linux counts in hundredths of a second. */
const ticksPerSecond = 100;
/** Of `/proc/<pid>/stat` behind the name: parent, own user and system time, and the same of children that have ended. */
const parentField = 1;
const timeFields = [11, 12, 13, 14];

/** CPU seconds that processes have used, with their threads and ended children. NaN where there is no `/proc`. */
export function cpuSecondsOf(pids: readonly number[]): number {
  try {
    return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
}

/** The server of a database, and its processes that run now. */
export async function databasePids(pool: pg.Pool): Promise<number[]> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const server = fieldsOf(rows[0]?.pid ?? 0)[parentField] ?? 0;
    const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return [server, ...all.filter((pid) => isChildOf(server, pid))];
  } catch {
    return [];
  }
}

function isChildOf(server: number, pid: number): boolean {
  try {
    return fieldsOf(pid)[parentField] === server;
  } catch {
    // It has ended since.
    return false;
  }
}

function ticksOf(pid: number): number {
  const fields = fieldsOf(pid);
  return timeFields.reduce((sum, field) => sum + (fields[field] ?? 0), 0);
}

/** The name of a process may have spaces and parentheses. */
function fieldsOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}
