import { expect, test } from '@jest/globals';
import pg from 'pg';
import { finish, finishTasks, makeTask } from '../support/deeds.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

/** What the app has sent about achievements. */
let texts: string[] = [];

// Connections take it over when they are opened, so this comes first.
const { query } = pg.Client.prototype;
pg.Client.prototype.query = new Proxy(query, {
  apply: (target, client, args: unknown[]) => {
    const [config] = args;
    const text =
      typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : String(config);
    if (text.includes('achievements.')) texts.push(text);
    return Reflect.apply(target, client, args);
  },
});

/** The answer tells the streak, which is read for it. */
const readings = 1;

test('a completion is counted with two statements, and one more when it earns something', async () => {
  const ada = await world.user();
  await finishTasks(ada, 3);
  const [fourth, fifth] = [await makeTask(ada), await makeTask(ada)];
  texts = [];
  await finish(ada, fourth);
  expect(texts).toHaveLength(2 + readings);
  await finish(ada, fifth);
  expect(texts).toHaveLength(5 + 2 * readings);
});
