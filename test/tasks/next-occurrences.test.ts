import { expect, test } from '@jest/globals';
import { CreateTaskTemplate } from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { goTo } from '../support/series.js';

const world = harness({ worker: false, lastingTokens: true });

/** How many rules have been worked out so far. */
async function evaluations(): Promise<number> {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  return Number(/recurrence_rules_evaluated_total (\d+)/.exec(text)?.[1] ?? 0);
}

const aliases = (count: number, field: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field(n)}`).join(' ');

test('a rule is worked out once an operation, however many aliases ask for its dates', async () => {
  const ada = await world.user();
  const sparse = 'FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29';
  for (const rule of [sparse, 'FREQ=WEEKLY;BYDAY=MO', 'FREQ=DAILY']) {
    await ada.ok(CreateTaskTemplate, { input: { title: rule, rule, timeZone: 'UTC' } });
  }
  const alike = await counted(
    ada,
    `{ ${aliases(8, () => 'taskTemplates(first: 9) { nodes { nextOccurrences(count: 5) } }')} }`,
  );
  expect(alike.count).toBe(3);
  // Who asks for more later gets all that there may be: nobody makes a rule be worked out a third time.
  const rising = `{ ${aliases(8, (n) => `taskTemplates(first: 9) { nodes { nextOccurrences(count: ${n + 1}) } }`)} }`;
  expect((await counted(ada, rising)).count).toBeLessThanOrEqual(6);
  const { body } = alike;
  expect(body.data?.['a7']).toEqual(body.data?.['a0']);
  expect(JSON.stringify(body.data?.['a0'])).toContain('-02-29T');
});

async function counted(ada: Awaited<ReturnType<typeof world.user>>, query: string) {
  const before = await evaluations();
  const { body } = await ada.send(query);
  expect(body.errors).toBeUndefined();
  return { body, count: (await evaluations()) - before };
}

test('24 aliases of 50 dates each cost too much, and nothing of them is worked out', async () => {
  const ada = await world.user();
  await ada.ok(CreateTaskTemplate, { input: { title: 'Tea', rule: 'FREQ=DAILY', timeZone: 'UTC' } });
  const before = await evaluations();
  const query = `{ ${aliases(24, () => 'taskTemplates(first: 50) { nodes { nextOccurrences(count: 50) } }')} }`;
  const error = await ada.refused(query, {}, 'VALIDATION_FAILED');
  expect(error.message).toContain('objects');
  expect(await evaluations()).toBe(before);
});

test('each asks for as many dates as it wants', async () => {
  const ada = await world.user();
  goTo(world, '2027-01-01T12:00:00Z');
  const rule = 'FREQ=DAILY;COUNT=40;BYHOUR=9;BYMINUTE=0;BYSECOND=0';
  await ada.ok(CreateTaskTemplate, { input: { title: 'Tea', rule, timeZone: 'UTC' } });
  const dates = 'one: nextOccurrences(count: 1) three: nextOccurrences(count: 3) all: nextOccurrences(count: 50)';
  const { body } = await ada.send(`{ taskTemplates(first: 10) { nodes { ${dates} } } }`);
  const all = occurrences(40, '2027-01-02T09:00:00Z');
  const expected = { one: all.slice(0, 1), three: all.slice(0, 3), all };
  expect(body).toEqual({ data: { taskTemplates: { nodes: [expected] } } });
  await ada.refused('{ taskTemplates(first: 10) { nodes { nextOccurrences(count: 51) } } }', {}, 'VALIDATION_FAILED');
});

function occurrences(count: number, first: string): string[] {
  return Array.from({ length: count }, (_, day) => new Date(Date.parse(first) + day * 86_400_000).toISOString());
}
