import { globSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';

const world = harness();
let names: readonly string[] = [];

beforeAll(async () => {
  names = [...(await scrape(world.url)).names];
});

/** What prom-client says of any process. */
const isNodes = (name: string) => /^(process|nodejs)_/.test(name) && name !== 'process_faults_total';
const documented = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `([a-z_]+)` +\|/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name.includes('_'));

test('docs/operations.md has every metric and no other', () => {
  const own = names.filter((name) => !isNodes(name));
  expect(own.length).toBeGreaterThan(20);
  const missing = own.filter((name) => !documented.includes(name));
  expect(missing.map((name) => `${name}: add it to the table of docs/operations.md.`)).toEqual([]);
  const gone = documented.filter((name) => !own.includes(name));
  expect(gone.map((name) => `${name}: there is no such metric, remove it from docs/operations.md.`)).toEqual([]);
});

test('each metric is looked at by a test', () => {
  const tests = globSync('test/!(laws|support)/**/*.test.ts').map((file) => readFileSync(file, 'utf8'));
  const untested = names.filter((name) => !isNodes(name) && !tests.some((text) => text.includes(name)));
  expect(untested.map((name) => `${name}: no test looks at it.`)).toEqual([]);
});

/** Words of PromQL that stand where metrics do. */
const words = new Set('sum rate increase by le queue or max histogram_quantile min_over_time absent'.split(' '));

/** The metrics that an expression of PromQL names. */
function metricsOf(expression: string): string[] {
  const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '');
  return [...bare.matchAll(/[a-z_][a-z_0-9]*/g)].map(([word]) => word).filter((word) => !words.has(word));
}

test('alerts name metrics that exist', () => {
  const expressions = [...readFileSync('infra/monitoring/alerts.yaml', 'utf8').matchAll(/^ +expr: (.+)$/gm)];
  expect(expressions.length).toBeGreaterThan(5);
  const known = new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]));
  const unknown = expressions.flatMap(([, text = '']) => metricsOf(text)).filter((name) => !known.has(name));
  expect(unknown).toEqual([]);
  expect(metricsOf('sum by (le) (rate(gone_total{a="b"}[5m])) > 0.5')).toEqual(['gone_total']);
});
