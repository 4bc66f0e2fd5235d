import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Subscriber } from '../../src/kernel/context.js';
import { eventTypes } from '../../src/kernel/event-types.js';

/** Everything in the domains but what subscribers wait for. */
const domains = globSync('src/*/**/*.ts')
  .map((file) => readFileSync(file, 'utf8').replaceAll(/\bon: '[^']*'/g, ''))
  .join('\n');

/** Types that nothing records: whoever listens to one waits for ever. */
function unrecordedOf(types: readonly string[]): string[] {
  return types
    .filter((type) => !domains.includes(`'${type}'`))
    .map(
      (type) =>
        `Nothing records ${type}: write it in its domain's events.ts, or remove it from src/kernel/event-types.ts.`,
    );
}

test('every type of event is recorded by a domain', () => {
  expect(unrecordedOf(eventTypes)).toEqual([]);
  expect(unrecordedOf(['task.planted'])).toHaveLength(1);
});

test('nobody listens to what does not happen', () => {
  const handle = async () => undefined;
  const sound: Subscriber = { name: 'test.sound', on: 'task.created', handle };
  // @ts-expect-error: there are no such events.
  const deaf: Subscriber = { name: 'test.deaf', on: 'task.planted', handle };
  expect([sound.on, deaf.on]).toEqual(['task.created', 'task.planted']);
});
