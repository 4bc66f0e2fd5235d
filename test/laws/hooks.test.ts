import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { inCopy } from '../support/repository-copy.js';

const run = promisify(execFile);

test('once hooks are installed, git takes no commit that is badly formatted or does not compile', async () => {
  await inCopy(
    async (root) => {
      const git = (...args: string[]) =>
        run('git', ['-c', 'user.name=x', '-c', 'user.email=x', ...args], { cwd: root });
      const commit = async (text: string) => {
        writeFileSync(join(root, 'jobs/planted.ts'), text);
        await git('add', 'jobs/planted.ts');
        return git('commit', '-m', 'planted').then(
          () => 'taken',
          ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
        );
      };
      await git('init', '-q');
      await run('npm', ['run', '--silent', 'hooks'], { cwd: root });
      expect(await commit('export const planted   = 1\n')).toContain('jobs/planted.ts');
      expect(await commit("export const planted: number = 'one';\n")).toContain('TS2322');
      expect(await commit('export const planted = 1;\n')).toBe('taken');
    },
    [
      'package.json',
      'tsconfig.json',
      'biome.json',
      'infra/hooks',
      'jobs/job.ts',
      'src/kernel',
      'src/platform',
      'src/providers',
      'entities',
    ],
  );
});
