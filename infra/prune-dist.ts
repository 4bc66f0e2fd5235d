import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the compiler makes of a source file. */
const output = /\.(js|js\.map|d\.ts)$/;

/**
 * Removes what the compiler has once made in `dist` of source files that are gone, and answers which: it never does so
 * itself, and a deleted test would still run. The second time removes nothing.
 */
export function pruneDist(root: string): string[] {
  const dist = join(root, 'dist');
  const entries = readdirSync(dist, { recursive: true, withFileTypes: true });
  const removed = entries
    .filter((entry) => entry.isFile() && output.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(dist.length + 1))
    .filter((file) => !['.ts', '.tsx'].some((kind) => existsSync(join(root, file.replace(output, kind)))));
  for (const file of removed) rmSync(join(dist, file));
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  // Deepest first: a folder may be empty only when those in it are gone.
  for (const folder of folders.sort().reverse()) if (readdirSync(folder).length === 0) rmdirSync(folder);
  return removed.sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Standard output is that of the command which is built for.
  for (const file of pruneDist(process.cwd())) console.error(`Removed dist/${file}: its source is gone.`);
}
