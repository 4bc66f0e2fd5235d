import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inCopy } from '../support/repository-copy.js';
import { documentedCode } from './documented-code.js';

/** As the templates of Vite have it, which many apps begin with. */
const compilerOptions = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

test.each(['ts', 'tsx'] as const)(
  "the code of docs/clients.md in %s compiles in an app's strict project",
  async (language) => {
    await inCopy(
      async (root) => {
        const file = `documented.${language}`;
        writeFileSync(join(root, file), documentedCode(language));
        writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
        const { status, stdout } = spawnSync('node_modules/.bin/tsc', { cwd: root, encoding: 'utf8' });
        expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
      },
      ['generated'],
    );
  },
);
