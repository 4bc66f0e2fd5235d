import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RestoreDeleted } from '../../generated/documents.js';
import { countCompletions, endStreaks, recomputePage } from '../../src/achievements/index.js';
import { retrySubscriber } from '../../src/activity/index.js';
import type { Context, Subscriber } from '../../src/kernel/context.js';
import { achievementsOf, again, deleteAndKeep, finish, makeTask, reopen, stateOf } from '../support/deeds.js';
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

/** One account's life so far, and what it ought to have come to. */
interface Life {
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

type Operation = (life: Life, ctx: Context, choice: number) => Promise<void>;

/** Takes one of them out of the list. */
function take<T>(list: T[], choice: number): T | undefined {
  return list.length === 0 ? undefined : list.splice(choice % list.length, 1)[0];
}

/** All that can happen. Each does nothing where it makes no sense; `choice` says which of several things it is about. */
const operations = {
  create: async (life) => {
    life.open.push(await makeTask(life.person));
  },
  complete: async (life, _, choice) => {
    const id = take(life.open, choice) ?? (await makeTask(life.person));
    life.counted.set(id, await finish(life.person, id));
    life.completed.push(id);
  },
  completeInFocus: async (life, ctx, choice) => {
    const id = take(life.open, choice) ?? (await makeTask(life.person));
    life.open.push(id);
    focused.add(id);
    await operations.complete(life, ctx, life.open.length - 1);
  },
  completeUncounted: async (life, _, choice) => {
    const id = take(life.open, choice) ?? (await makeTask(life.person));
    held.add(id);
    life.late.set(id, await finish(life.person, id));
    life.completed.push(id);
  },
  countLate: async (life, ctx, choice) => {
    const mine = uncounted.filter(({ taskId }) => life.late.has(taskId));
    const one = take(mine, choice);
    if (!one) return;
    held.delete(one.taskId);
    await retrySubscriber(ctx, { ...one, accountId: life.person.id });
    life.counted.set(one.taskId, life.late.get(one.taskId) ?? new Date(Number.NaN));
  },
  countAgain: async (life, ctx, choice) => {
    const done = [...uncounted].filter(({ taskId }) => life.late.has(taskId) && !held.has(taskId));
    const one = take(done, choice);
    if (one) await retrySubscriber(ctx, { ...one, accountId: life.person.id });
  },
  completeAgain: async (life, _, choice) => {
    const counted = life.completed.filter((id) => life.counted.has(id));
    const id = take(counted, choice);
    if (!id) return;
    await reopen(life.person, id);
    life.repeated.push(await finish(life.person, id));
  },
  remove: async (life, _, choice) => {
    const list = choice % 2 === 0 ? life.open : life.completed;
    const id = take(list, choice);
    if (id) life.removed.push({ tombstone: await deleteAndKeep(life.person, id), id, list });
  },
  recover: async (life, _, choice) => {
    const recoverable = life.removed.splice(-3);
    const one = take(recoverable, choice);
    life.removed.push(...recoverable);
    if (!one) return;
    await life.person.ok(RestoreDeleted, { input: { id: one.tombstone } });
    one.list.push(one.id);
  },
  hoursPass: async (life, _, choice) => {
    world.clock.advance((1 + (choice % 60)) * hour);
    life.person = await again(world, life.person);
  },
  nextDay: async (life) => {
    world.clock.advance(24 * hour);
    life.person = await again(world, life.person);
  },
  endStreaks: (_, ctx) => endStreaks(ctx),
  recompute: async (life, ctx) => {
    await recomputePage(ctx, { userId: life.person.id });
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
function expectedOf(life: Life) {
  const dayOf = (at: Date) => Math.floor(at.getTime() / (24 * hour));
  const days = new Set([...life.counted.values(), ...life.repeated].map(dayOf));
  const today = dayOf(world.clock.now());
  return {
    tasksCompleted: life.counted.size,
    focusCompletions: [...life.counted.keys()].filter((id) => focused.has(id)).length,
    currentStreak: runTo(days, today) || runTo(days, today - 1),
    longestStreak: Math.max(0, ...[...days].map((day) => runTo(days, day))),
  };
}

test('whatever happens in whichever order, counting as it happens comes to what recomputing from nothing does', async () => {
  const ctx = await world.jobContext();
  const live = async (history: [keyof typeof operations, number][]) => {
    const person = await world.user();
    const life: Life = {
      person,
      open: [],
      completed: [],
      removed: [],
      counted: new Map(),
      repeated: [],
      late: new Map(),
    };
    for (const [name, choice] of history) await operations[name](life, ctx, choice);
    expect(await achievementsOf(life.person)).toMatchObject(expectedOf(life));
    // A broken streak is ended by whoever comes first; recomputing is one of them.
    await endStreaks(ctx);
    const running = await stateOf(world, person.id);
    await world.sql('delete from achievements.progress where user_id = $1', [person.id]);
    await world.sql('delete from achievements.unlocked where user_id = $1', [person.id]);
    await recomputePage(ctx, { userId: person.id });
    expect(await stateOf(world, person.id)).toEqual(running);
  };
  await fc.assert(fc.asyncProperty(steps, live), { numRuns: 40 });
}, 300_000);
