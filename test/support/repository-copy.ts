import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What checks of the whole repository read. */
export const everything = [
  ...['src', 'entities', 'resolvers', 'jobs', 'infra', 'test', 'generated', 'operations'],
  ...['package.json', 'tsconfig.json', 'knip.json', 'jest.config.js', 'codegen.ts', 'schema.graphql'],
];

/**
 * Runs `use` in a copy of the repository, or of the named parts of it, where it plants what a check must find. The copy
 * is removed then.
 */
export async function inCopy(use: (root: string) => Promise<void>, parts = everything): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'perpetua-'));
  try {
    for (const part of parts) cpSync(part, join(root, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    await use(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
