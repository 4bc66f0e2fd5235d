import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { CreateTask, Tasks, UpdateProfile } from '../../generated/documents.js';
import { connectClient, eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { startRoles } from '../support/role.js';

/** Somebody of another process who holds locks. */
let holder: pg.Client;
let holderPid: number;
// Before the database is dropped.
afterEach(() => holder.end());
const world = harness({ worker: false });

beforeEach(async () => {
  holder = await connectClient(world.config.DATABASE_URL);
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  holderPid = rows[0]?.pid ?? 0;
});

async function hold(people: readonly Person[]): Promise<void> {
  await holder.query('begin');
  await holder.query('select from accounts.account where id = any($1) for update', [people.map(({ id }) => id)]);
}

const codeOf = ({ body }: Awaited<ReturnType<Person['send']>>) => body.errors?.[0]?.extensions?.['code'] ?? 'OK';
const write = (person: Person) => person.send(CreateTask, { input: { title: 'x' } }).then(codeOf);
const people = (count: number) => Promise.all(Array.from({ length: count }, () => world.user()));

test('while 12 accounts are locked for long and their clients write again and again, all others read and write', async () => {
  const locked = await people(12);
  const bob = await world.user('Bob');
  await hold(locked);
  let isOver = false;
  const writing = locked.flatMap((person) =>
    [1, 2].map(async () => {
      const codes: unknown[] = [];
      while (!isOver) codes.push(await write(person));
      return codes;
    }),
  );
  let bobs = 0;
  const firstRefusals = Promise.all(locked.map(write)).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const person of locked) expect((await person.ok(Tasks, {})).tasks.totalCount).toBe(0);
    bobs += 1;
    // Not limited, however long it takes.
    const { updateProfile } = await bob.ok(UpdateProfile, { input: { name: `Bob ${bobs}` } });
    expect(updateProfile.user.name).toBe(`Bob ${bobs}`);
  }
  expect(await firstRefusals).toEqual(locked.map(() => 'UNAVAILABLE'));
  expect(new Set((await Promise.all(writing)).flat())).toEqual(new Set(['UNAVAILABLE']));
  await holder.query('rollback');
  expect(await Promise.all(locked.map(write))).toEqual(locked.map(() => 'OK'));
  expect(bobs).toBeGreaterThan(0);
});

test('a thousand writes to a locked account are all refused, most of them at once', async () => {
  const ada = await world.user();
  await hold([ada]);
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => ada.send(CreateTask, { input: { title: 'x' } })),
  );
  await holder.query('rollback');
  expect(new Set(answers.map(codeOf))).toEqual(new Set(['UNAVAILABLE']));
  expect(answers[0]?.body.errors?.[0]?.extensions).toMatchObject({ retryAfter: 1, requestId: expect.any(String) });
  expect(await write(ada)).toBe('OK');
});

test('a keyed write that was refused for the lock runs when it comes again', async () => {
  const ada = await world.user();
  const keyed = () => ada.send(CreateTask, { input: { title: 'x' } }, { 'idempotency-key': 'once' }).then(codeOf);
  await hold([ada]);
  expect(await keyed()).toBe('UNAVAILABLE');
  await holder.query('rollback');
  expect([await keyed(), await keyed()]).toEqual(['OK', 'OK']);
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(1);
});

test('two processes that write for one account at the same time both get their turns', async () => {
  const other = await world.startApp();
  const ada = await world.user();
  const there = ada.at(other.url ?? '');
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => write(index % 2 ? ada : there)));
  expect(new Set(answers)).toEqual(new Set(['OK']));
});

test('a process that is stopped in a transaction costs others nothing, and its account a few seconds', async () => {
  const [ada, eve] = await people(2);
  if (!ada || !eve) throw new Error('There are two.');
  const frozen = await startRoles(world.config, ['api']);
  try {
    await hold([ada]);
    const lost = ada.at(frozen.url).send(CreateTask, { input: { title: 'lost' } });
    lost.catch(() => undefined);
    const inTransaction = (state: string) =>
      eventually(
        () =>
          world.sql(
            `select from pg_stat_activity where datname = current_database() and pid <> $2 and pid <> pg_backend_pid()
             and xact_start is not null and case $1 when 'waiting' then wait_event_type = 'Lock' else state = $1 end`,
            [state, holderPid],
          ),
        (rows) => rows.length === 1,
      );
    await inTransaction('waiting');
    frozen.freeze();
    await holder.query('rollback');
    await inTransaction('idle in transaction');
    expect(await write(eve)).toBe('OK');
    expect(await write(ada)).toBe('UNAVAILABLE');
    await eventually(
      () => write(ada),
      (code) => code === 'OK',
    );
    frozen.thaw();
    expect(await ada.at(frozen.url).send(Tasks).then(codeOf)).toBe('OK');
    expect(codeOf(await lost)).toBe('UNAVAILABLE');
  } finally {
    frozen.thaw();
    await frozen.kill();
  }
});
