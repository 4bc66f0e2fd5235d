import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RestoreDeleted } from '../../generated/documents.js';
import { countCompletions, endStreaks, recomputePage } from '../../src/achievements/index.js';
import { retrySubscriber } from '../../src/activity/index.js';
import type { Context, Subscriber } from '../../src/kernel/context.js';
import { achievementsOf, deleteAndKeep, finish, makeTask, reopen, signInAgain, stateOf } from '../support/actions.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

/** A completion that could not be counted in its own transaction. */
interface Uncounted {
  readonly taskId: string;
  readonly number: number;
  readonly subscriber: string;
}

/** Tasks whose completion is not to be counted at once, as if the subscriber had failed; `uncounted` are the jobs. */
const held = new Set<string>();
const uncounted: Uncounted[] = [];
const focused = new Set<string>();

const subscribers = countCompletions.map(
  (subscriber): Subscriber => ({
    ...subscriber,
    handle: async (tx, event) => {
      const { entityId: taskId, number } = event;
      if (held.has(taskId)) uncounted.push({ taskId, number, subscriber: subscriber.name });
      else await subscriber.handle(tx, { ...event, metadata: { focused: focused.has(taskId) } });
    },
  }),
);

const world = harness({ subscribers });
const hour = 3_600_000;

/** One account so far, and what it ought to have come to. */
interface TrackedAccount {
  person: Person;
  readonly open: string[];
  readonly completed: string[];
  /** What was deleted, and to which list it goes back. */
  readonly removed: { tombstone: string; id: string; list: string[] }[];
  /** The tasks that count, each with the moment of its first completion. */
  readonly counted: Map<string, Date>;
  /** When tasks that count were completed once more. */
  readonly repeated: Date[];
  readonly late: Map<string, Date>;
}

type Operation = (account: TrackedAccount, ctx: Context, choice: number) => Promise<void>;

/** Takes one of them out of the list. */
function take<T>(list: T[], choice: number): T | undefined {
  return list.length === 0 ? undefined : list.splice(choice % list.length, 1)[0];
}

/** All that can happen. Each does nothing where it makes no sense; `choice` says which of several things it is about. */
const operations = {
  create: async (account) => {
    account.open.push(await makeTask(account.person));
  },
  complete: async (account, _, choice) => {
    const id = take(account.open, choice) ?? (await makeTask(account.person));
    account.counted.set(id, await finish(account.person, id));
    account.completed.push(id);
  },
  completeInFocus: async (account, ctx, choice) => {
    const id = take(account.open, choice) ?? (await makeTask(account.person));
    account.open.push(id);
    focused.add(id);
    await operations.complete(account, ctx, account.open.length - 1);
  },
  completeUncounted: async (account, _, choice) => {
    const id = take(account.open, choice) ?? (await makeTask(account.person));
    held.add(id);
    account.late.set(id, await finish(account.person, id));
    account.completed.push(id);
  },
  countLate: async (account, ctx, choice) => {
    const mine = uncounted.filter(({ taskId }) => account.late.has(taskId));
    const one = take(mine, choice);
    if (!one) return;
    held.delete(one.taskId);
    await retrySubscriber(ctx, { ...one, accountId: account.person.id });
    account.counted.set(one.taskId, account.late.get(one.taskId) ?? new Date(Number.NaN));
  },
  countAgain: async (account, ctx, choice) => {
    const done = [...uncounted].filter(({ taskId }) => account.late.has(taskId) && !held.has(taskId));
    const one = take(done, choice);
    if (one) await retrySubscriber(ctx, { ...one, accountId: account.person.id });
  },
  completeAgain: async (account, _, choice) => {
    const counted = account.completed.filter((id) => account.counted.has(id));
    const id = take(counted, choice);
    if (!id) return;
    await reopen(account.person, id);
    account.repeated.push(await finish(account.person, id));
  },
  remove: async (account, _, choice) => {
    const list = choice % 2 === 0 ? account.open : account.completed;
    const id = take(list, choice);
    if (id) account.removed.push({ tombstone: await deleteAndKeep(account.person, id), id, list });
  },
  recover: async (account, _, choice) => {
    const recoverable = account.removed.splice(-3);
    const one = take(recoverable, choice);
    account.removed.push(...recoverable);
    if (!one) return;
    await account.person.ok(RestoreDeleted, { input: { id: one.tombstone } });
    one.list.push(one.id);
  },
  hoursPass: async (account, _, choice) => {
    world.clock.advance((1 + (choice % 60)) * hour);
    account.person = await signInAgain(world, account.person);
  },
  nextDay: async (account) => {
    world.clock.advance(24 * hour);
    account.person = await signInAgain(world, account.person);
  },
  endStreaks: (_, ctx) => endStreaks(ctx),
  recompute: async (account, ctx) => {
    await recomputePage(ctx, { userId: account.person.id });
  },
} satisfies Record<string, Operation>;

const names = Object.keys(operations).filter((name): name is keyof typeof operations => name in operations);
const steps = fc.array(fc.tuple(fc.constantFrom(...names), fc.nat(99)), { minLength: 5, maxLength: 30, size: 'max' });

/** Days in a row that end with this one. */
function runTo(days: ReadonlySet<number>, day: number): number {
  let length = 0;
  while (days.has(day - length)) length += 1;
  return length;
}

/** The rule once more, in the most obvious way. */
function expectedOf(account: TrackedAccount) {
  const dayOf = (at: Date) => Math.floor(at.getTime() / (24 * hour));
  const days = new Set([...account.counted.values(), ...account.repeated].map(dayOf));
  const today = dayOf(world.clock.now());
  return {
    tasksCompleted: account.counted.size,
    focusCompletions: [...account.counted.keys()].filter((id) => focused.has(id)).length,
    currentStreak: runTo(days, today) || runTo(days, today - 1),
    longestStreak: Math.max(0, ...[...days].map((day) => runTo(days, day))),
  };
}

test('whatever happens in whichever order, counting as it happens comes to what recomputing from nothing does', async () => {
  const ctx = await world.jobContext();
  const run = async (history: [keyof typeof operations, number][]) => {
    const person = await world.user();
    const account: TrackedAccount = {
      person,
      open: [],
      completed: [],
      removed: [],
      counted: new Map(),
      repeated: [],
      late: new Map(),
    };
    for (const [name, choice] of history) await operations[name](account, ctx, choice);
    expect(await achievementsOf(account.person)).toMatchObject(expectedOf(account));
    // A broken streak is ended by whoever comes first; recomputing is one of them.
    await endStreaks(ctx);
    const running = await stateOf(world, person.id);
    await world.sql('delete from achievements.progress where user_id = $1', [person.id]);
    await world.sql('delete from achievements.unlocked where user_id = $1', [person.id]);
    await recomputePage(ctx, { userId: person.id });
    expect(await stateOf(world, person.id)).toEqual(running);
  };
  await fc.assert(fc.asyncProperty(steps, run), { numRuns: 40 });
}, 900_000);
