import { expect, test } from '@jest/globals';
import { compareWithGraphqlJs } from '../support/differential.js';

const count = Number(process.env['DOCUMENTS'] ?? 300);
const seeds = process.env['SEED'] ? [Number(process.env['SEED'])] : [20_261_127, Math.floor(Math.random() * 2 ** 32)];

test.each(seeds)(
  'seed %i: random documents are answered as by graphql-js, whatever executes them',
  async (seed) => {
    const { valid, compiled, withErrors } = await compareWithGraphqlJs(seed, count);
    // Else it would prove little.
    expect(valid).toBe(count);
    expect(compiled).toBeGreaterThan(count / 5);
    expect(withErrors).toBeGreaterThan(count / 20);
    expect(withErrors).toBeLessThan(count * 0.8);
  },
  60_000 + count * 100,
);
