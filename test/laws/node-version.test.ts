import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';

const Package = z.object({ engines: z.object({ node: z.string() }) });
const Lockfile = z.object({
  packages: z.record(
    z.string(),
    // Very old packages have a list here.
    z.object({ dev: z.boolean().optional(), engines: z.unknown().optional(), version: z.string().optional() }),
  ),
});
const Engines = z.object({ node: z.string() });

const { engines } = Package.parse(JSON.parse(readFileSync('package.json', 'utf8')));
const { packages } = Lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));

/** `>=24.21.0` as a number that compares; 0 for what is no plain lower bound. */
function lowerBound(range: string): number {
  const [, major = '0', minor = '0', patch = '0'] = /^>= ?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(range) ?? [];
  return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch);
}

test('package.json asks for the Node that everything runs on, which is enough for its dependencies', () => {
  const asked = Object.entries(packages).flatMap(([name, { dev, engines }]) => {
    const parsed = Engines.safeParse(engines);
    return name !== '' && !dev && parsed.success ? [lowerBound(parsed.data.node)] : [];
  });
  expect(lowerBound(engines.node)).toBeGreaterThanOrEqual(Math.max(...asked));
  expect(engines.node).toBe(`>=${readFileSync('.nvmrc', 'utf8').trim()}`);
});

test('nvm, npm scripts and the image run one major version of Node', () => {
  const major = readFileSync('.nvmrc', 'utf8').trim();
  expect(packages['node_modules/node']?.version?.split('.')[0]).toBe(major);
  expect(readFileSync('infra/Dockerfile', 'utf8')).toMatch(new RegExp(`^FROM node:${major}\\b`, 'm'));
});

test('README and CONTRIBUTING ask for that Node, and say in the same words how an older one is enough', () => {
  const major = readFileSync('.nvmrc', 'utf8').trim();
  const asked = `Node ${major} and npm`;
  const older = `(an older Node, from 20 on, is enough to install with: \`npm ci\` brings the ${major} that the scripts run on)`;
  const faults = ['README.md', 'CONTRIBUTING.md'].flatMap((page) => {
    const text = readFileSync(page, 'utf8');
    return [asked, older].filter((words) => !text.includes(words)).map((words) => `${page} has to say: ${words}`);
  });
  expect(faults).toEqual([]);
});
