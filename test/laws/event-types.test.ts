import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventDefinitions } from '../../src/events/index.js';
import { word } from '../../src/events/shapes.js';
import type { Subscriber } from '../../src/kernel/context.js';
import { defineEvent } from '../../src/kernel/events.js';
import { defineJob } from '../../src/kernel/jobs.js';
import { subscribers } from '../../src/subscribers.js';
import { staleIn } from '../support/stale.js';

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

const list = 'src/subscribers.ts';

/** The domain and the beginning of the name of everything that waits for events, as the sources have it. */
const waiting = globSync('src/*/**/*.ts').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/\bsubscribe\(\s*[\w.]+,\s*['`]([^'`$]*)/g)].map(([, name = '']) => ({
    ...{ file, name, domain: file.split('/')[1] ?? '' },
  })),
);

/** Subscribers that nobody calls, or whose names cannot be kept in jobs. */
function misnamedOf(found: typeof waiting, listed: readonly string[]): string[] {
  const faults = found.flatMap(({ file, name, domain }) => {
    if (!new RegExp(`^${domain}\\.[a-z]`).test(name))
      return `${file}: a subscriber is called "${name}": call it '${domain}.verb-thing', which jobs keep for good.`;
    return listed.some((each) => each.startsWith(name))
      ? []
      : `${file}: nobody calls ${name}: export it from src/${domain}/index.ts and name it in ${list}.`;
  });
  const twice = listed.filter((name, index) => listed.indexOf(name) !== index);
  return [...faults, ...twice.map((name) => `${list} has ${name} twice: jobs could not tell them apart.`)];
}

test('every subscriber has a name of its own after its domain, and is called', () => {
  const names = subscribers.map(({ name }) => name);
  expect(waiting.length).toBeGreaterThan(3);
  expect(misnamedOf(waiting, names)).toEqual([]);
  const planted = ['', 'other.plant', 'tasks.plant'].map((name) => ({ file: 'x.ts', domain: 'tasks', name }));
  expect(misnamedOf(planted, ['tasks.tell', 'tasks.tell'])).toEqual([
    expect.stringContaining(`is called "": call it 'tasks.verb-thing'`),
    expect.stringContaining('is called "other.plant"'),
    expect.stringContaining('nobody calls tasks.plant'),
    expect.stringContaining('tasks.tell twice'),
  ]);
});

function deafOf(all: readonly Subscriber[]): string[] {
  return all
    .filter(({ on }) => !definitions.has(on))
    .map(
      ({ name, on }) => `${name} waits for ${on}, which is no event: give \`subscribe\` a definition of src/events/.`,
    );
}

/** What of JSON Schema says what a value is. */
const Schema = z.object({
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

/** Formats of texts that nobody words. */
const formats = ['uuid', 'date', 'date-time'];
const { pattern: patternOfWord } = Schema.parse(z.toJSONSchema(word));

/** Where data of a shape may be any text, or anything at all. */
function openPlaces(schema: unknown, place: string): string[] {
  const { type, const: only, enum: known, format, pattern, properties, items, anyOf } = Schema.parse(schema);
  if (only !== undefined || known || formats.includes(format ?? '') || pattern === patternOfWord) return [];
  if (anyOf) return anyOf.flatMap((each) => openPlaces(each, place));
  if (type === 'array') return openPlaces(items ?? {}, `${place}[]`);
  if (properties) return Object.entries(properties).flatMap(([name, each]) => openPlaces(each, `${place}.${name}`));
  return type === 'integer' || type === 'number' || type === 'boolean' || type === 'null' ? [] : [place];
}

/** What may be any text after all, by the event and its place. */
const worded: Readonly<Record<string, string>> = {
  'operator.acted data.reason':
    'An operator writes it for the account’s user to read, who finds it nowhere else; 200 characters at most.',
};

/** Kinds of events whose data could hold what people write. */
function tellingOf(definitions: readonly { readonly type: string; readonly shape: z.ZodType }[]): string[] {
  const advice =
    'content of users does not go into events, which outlive it: give the id of the row that has it, a number, a z.enum, or a `word` of src/events/shapes.ts.';
  return definitions.flatMap(({ type, shape }) =>
    openPlaces(z.toJSONSchema(shape), 'data')
      .filter((place) => !(`${type} ${place}` in worded))
      .map((place) => `${type}: ${place} may be any text, and ${advice}`),
  );
}

test('no event has room for what people write', () => {
  expect(tellingOf(eventDefinitions)).toEqual([]);
  const open = eventDefinitions.flatMap(({ type, shape }) =>
    openPlaces(z.toJSONSchema(shape), 'data').map((place) => `${type} ${place}`),
  );
  expect(staleIn('`worded` of test/laws/event-types.test.ts', Object.keys(worded), open)).toEqual([]);
  const shape = z.object({
    ...{ note: z.string(), line: z.string().max(10).nullable(), tags: z.array(z.string()).readonly() },
    ...{ any: z.unknown(), counts: z.record(z.string(), z.int()), inside: z.object({ text: z.string().optional() }) },
    ...{ id: z.uuid(), at: z.iso.datetime(), kind: z.enum(['A']), one: z.literal(true), count: z.int().nullable() },
    ...{ fields: z.array(word), either: z.union([z.uuid(), z.null()]), is: z.boolean(), address: z.url() },
  });
  const places = tellingOf([{ type: 'task.planted', shape }]).map((fault) => / (data\S*) may/.exec(fault)?.[1]);
  expect(places).toEqual(
    ['note', 'line', 'tags[]', 'any', 'counts', 'inside.text', 'address'].map((name) => `data.${name}`),
  );
});

test('every kind of event is recorded by a domain, described, and named once', () => {
  expect(unrecordedOf(definitions)).toEqual([]);
  expect(unrecordedOf(new Map([['task.planted', 'taskPlanted']]))).toHaveLength(1);
  const listed = eventDefinitions.map(({ type }) => type);
  const unlisted = [...definitions.keys()].filter((type) => !listed.includes(type));
  expect(unlisted.map((type) => `${type} is not in src/events/index.ts: add its file to the list.`)).toEqual([]);
  const twice = listed.filter((type, index) => listed.indexOf(type) !== index);
  expect(twice.map((type) => `${type} is the type of two events: give one another.`)).toEqual([]);
  const silent = eventDefinitions.filter(({ description }) => !/^[A-Z].{15,}\.$/.test(description));
  expect(silent.map(({ type }) => `${type} says too little: describe what happened in a sentence.`)).toEqual([]);
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
