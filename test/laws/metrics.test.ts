import { globSync, readFileSync } from 'node:fs';
import { beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { staleIn } from '../support/stale.js';

const world = harness();
let names: readonly string[] = [];

beforeEach(async () => {
  names = [...(await scrape(world.url)).names];
});

/** Metrics for whoever looks into something, which the dashboard leaves out. */
const notShown = [
  'doorbell_line_reconnects_total',
  'doorbell_notifications_total',
  'graphql_document_cache_bytes',
  'recurrence_rules_evaluated_total',
];

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
  expect(
    untested.map(
      (name) => `${name}: no test looks at it: expect its value in a test of test/ (test/support/metrics.ts reads it).`,
    ),
  ).toEqual([]);
});

/** Words of PromQL that stand where metrics do. */
const words = new Set('sum rate increase count by or max min histogram_quantile min_over_time absent and'.split(' '));

/** The metrics that an expression of PromQL names. */
function metricsOf(expression: string): string[] {
  const bare = expression.replaceAll(/\bby \([^)]*\)|\{[^}]*\}|\[[^\]]*\]/g, '');
  return [...bare.matchAll(/[a-z_][a-z_0-9]*/g)].map(([word]) => word).filter((word) => !words.has(word));
}

/** What the dashboard of Grafana asks Prometheus. */
const Dashboard = z.object({ panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })) });

test('alerts and the dashboard name metrics that exist', () => {
  const alerts = [...readFileSync('infra/monitoring/alerts.yaml', 'utf8').matchAll(/^ +expr: (.+)$/gm)];
  const { panels } = Dashboard.parse(JSON.parse(readFileSync('infra/monitoring/dashboard.json', 'utf8')));
  const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(Math.min(alerts.length, shown.length)).toBeGreaterThan(5);
  const known = new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]));
  const expressions = [...alerts.map(([, text = '']) => text), ...shown];
  const gone = expressions.flatMap(metricsOf).filter((name) => !known.has(name));
  expect(gone.map((name) => `infra/monitoring/ asks for ${name}: there is no such metric.`)).toEqual([]);
  expect(metricsOf('sum by (le) (rate(gone_total{a="b"}[5m])) > 0.5')).toEqual(['gone_total']);
  // Whatever is counted by a domain can be seen.
  const unseen = names.filter((name) => !isNodes(name) && !shown.some((text) => text.includes(name)));
  const list = '`notShown` of test/laws/metrics.test.ts';
  const unshown = unseen.filter((name) => !notShown.includes(name));
  const advice = `show it in a panel of infra/monitoring/dashboard.json, or add it to ${list}.`;
  expect(unshown.map((name) => `${name}: ${advice}`)).toEqual([]);
  expect(staleIn(list, notShown, unseen)).toEqual([]);
});
