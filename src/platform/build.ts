import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Which build of the product runs. */
export interface Build {
  readonly version: string;
  /** The commit that it was built from; empty when nobody said. */
  readonly commit: string;
}

const Manifest = z.object({
  version: z.string(),
  engines: z.object({ node: z.templateLiteral(['>=', z.int()]) }),
});

/** The version in package.json. */
export function readVersion(): string {
  return readManifest().version;
}

/** The least major version of Node that this runs on, as package.json has it. */
export function readLeastNode(): number {
  return Number(readManifest().engines.node.slice('>='.length));
}

/** From `dist/src/platform`, where this runs. */
function readManifest(): z.infer<typeof Manifest> {
  return Manifest.parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')));
}
