import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** What this process holds: where numbers of processes are all that is known, it would take itself for a stranger. */
const held = new Set<string>();

/**
 * Marks the data folder as this process's, so that two starts at once do not stop each other's server. The mark of a
 * process that is gone counts for nothing. Answers with what gives it back.
 * @throws when a living process, or this one, has the folder
 */
export function claim(folder: string): () => void {
  const path = `${folder}.owner`;
  const own = `${path}.${process.pid}`;
  writeFileSync(own, identityOf(process.pid));
  try {
    // Unlike writing, linking is all or nothing.
    if (held.has(folder) || !(linked(own, path) || (removedStale(folder, path) && linked(own, path)))) {
      throw inUse(folder, read(path));
    }
  } finally {
    rmSync(own, { force: true });
  }
  held.add(folder);
  return () => {
    if (held.delete(folder)) rmSync(path, { force: true });
  };
}

function inUse(folder: string, owner: string): Error {
  const who = owner === '' ? 'another process' : `process ${owner.split(' ')[0]}`;
  return new FolderInUseError(who, `The data folder ${folder} is in use by ${who}. Stop that first.`);
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Takes the mark of a dead process away; false when its owner lives. */
function removedStale(folder: string, path: string): boolean {
  const owner = read(path);
  if (isAlive(owner)) return false;
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    // Somebody else took it away first.
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
  const moved = read(aside);
  // Between looking and taking, another start may have put its own mark there: it gets it back.
  if (moved !== owner) linked(aside, path);
  rmSync(aside, { force: true });
  if (moved !== owner) throw inUse(folder, moved);
  return true;
}

function isAlive(owner: string): boolean {
  const pid = Number(owner.split(' ')[0]);
  if (!(pid > 0) || owner !== identityOf(pid)) return false;
  // Not held, so it is the mark of an earlier process that had our number.
  return pid !== process.pid;
}

/** A process by its number and, where the system tells, its start: numbers are used again. Empty when it is gone. */
function identityOf(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It lives, but belongs to somebody else.
    if (!hasCode(error, 'EPERM')) return '';
  }
  const stat = read(`/proc/${pid}/stat`);
  return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Another living process has the data folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  /** @param owner such as `process 4711` */
  constructor(
    readonly owner: string,
    message: string,
  ) {
    super(message);
  }
}
