import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const list = 'entities/index.ts';

/**
 * Entities that `entities/index.ts` does not list, each as a sentence that says what to do. The mapper does not know
 * them: nothing compares them with the migrations, and whoever reads one fails.
 */
export function unlistedEntities(root = '.'): string[] {
  const [, listed = ''] = /export const entities = \[([^\]]*)\]/.exec(readFileSync(join(root, list), 'utf8')) ?? [];
  const names = new Set(listed.split(/[\s,]+/));
  return globSync('entities/*/*.ts', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/^@Entity\([\s\S]*?^export class (\w+)/gm)]
      .filter(([, name = '']) => !names.has(name))
      .map(
        ([, name]) => `${file}: ${name} is no entity to the mapper: import it in ${list}, and name it in \`entities\`.`,
      );
  });
}
