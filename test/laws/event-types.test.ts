import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventDefinitions } from '../../src/events/index.js';
import type { Subscriber } from '../../src/kernel/context.js';
import { defineEvent } from '../../src/kernel/events.js';
import { defineJob } from '../../src/kernel/jobs.js';
import { subscribers } from '../../src/subscribers.js';

/** Everything in the domains but what subscribers wait for. */
const domains = globSync('src/!(events|kernel)/**/*.ts')
  .map((file) => readFileSync(file, 'utf8').replaceAll(/\bsubscribe\(\w+|\bimport [^;]*;|definition: \w+/g, ''))
  .join('\n');

/** By the names that `src/events/` gives them. */
const definitions = new Map(
  globSync('src/events/*.ts')
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/export const (\w+) = defineEvent\(\s*'([^']+)'/g)])
    .map(([, name = '', type = '']) => [type, name]),
);

/** Kinds of events that nothing records: whoever listens to one waits for ever. */
function unrecordedOf(named: ReadonlyMap<string, string>): string[] {
  return [...named]
    .filter(([, name]) => !new RegExp(`\\b${name}(\\(|\\b[^(]*\\]\\()|: ${name}\\b`).test(domains))
    .map(([type, name]) => `Nothing records ${type}: call ${name} in a use case, or remove it from src/events/.`);
}

function deafOf(all: readonly Subscriber[]): string[] {
  return all
    .filter(({ on }) => !definitions.has(on))
    .map(({ name, on }) => `${name} waits for ${on}, which is no event.`);
}

test('every kind of event is recorded by a domain, described, and named once', () => {
  expect(unrecordedOf(definitions)).toEqual([]);
  expect(unrecordedOf(new Map([['task.planted', 'taskPlanted']]))).toHaveLength(1);
  expect(eventDefinitions.map(({ type }) => type).sort()).toEqual([...definitions.keys()].sort());
  expect(eventDefinitions.filter(({ description }) => !/^[A-Z].{15,}\.$/.test(description))).toEqual([]);
});

test('nobody listens to what does not happen', () => {
  expect(deafOf(subscribers)).toEqual([]);
  expect(deafOf([{ name: 'test.deaf', on: 'task.planted', handle: async () => undefined }])).toHaveLength(1);
});

test('the compiler knows the data of events and jobs', () => {
  const planted = defineEvent('task.planted', 'task', 'A task was planted.', z.object({ count: z.int() }));
  // @ts-expect-error: a count is a number.
  planted('id', { count: 'one' });
  // @ts-expect-error: there is a count.
  planted('id', {});
  expect(planted('id', { count: 1 })).toMatchObject({ type: 'task.planted', version: 1, metadata: { count: 1 } });
});

test('what an older version has stored is read as the newest one has it', () => {
  const shape = z.object({ minutes: z.int(), by: z.string() });
  const upgrades = [
    (data: unknown) => ({ minutes: z.object({ hours: z.int() }).parse(data).hours * 60 }),
    (data: unknown) => ({ ...z.object({ minutes: z.int() }).parse(data), by: 'nobody' }),
  ];
  const event = defineEvent('task.planted', 'task', 'A task was planted.', shape, upgrades);
  expect(event('id', { minutes: 1, by: 'ada' }).version).toBe(3);
  expect(event.dataOf({ version: 1, metadata: { hours: 2 } })).toEqual({ minutes: 120, by: 'nobody' });
  expect(event.dataOf({ version: 2, metadata: { minutes: 5 } })).toEqual({ minutes: 5, by: 'nobody' });
  expect(event.dataOf({ version: 3, metadata: { minutes: 5, by: 'ada' } })).toEqual({ minutes: 5, by: 'ada' });
  const queue = { retryLimit: 1, retryDelaySeconds: 1, expireInSeconds: 1 };
  const job = defineJob('test.planted', shape, queue, upgrades);
  expect(job.dataOf({ version: 1, requestId: 'r', data: { hours: 2 } })).toEqual({ minutes: 120, by: 'nobody' });
});
