import { expect, test } from '@jest/globals';
import {
  Achievements,
  Changes,
  CompleteTask,
  CreateTask,
  DeleteTask,
  EndFocus,
  ReopenTask,
  RestoreDeleted,
  StartFocus,
  type TaskFilter,
  Tasks,
  UpdateTask,
} from '../../generated/documents.js';
import { type Harness, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ lastingTokens: true, worker: false });
const hourMs = 3_600_000;
const firstDay = Date.parse('2027-03-01T00:00:00Z');
const days = 365;
/** Those that do something for a user on most days; the others keep house. */
const dailyJobs = ['tasks.fire-reminders', 'tasks.sweep-focus', 'achievements.end-streaks'];
/** Lived a second time: over the first change of clocks in both zones. */
const daysAgain = 35;

const [newYork, london] = ['America/New_York', 'Europe/London'];
const series = [
  { title: 'Walk', zone: newYork, rule: 'FREQ=DAILY;BYHOUR=8;BYMINUTE=30;BYSECOND=0', time: '08:30' },
  { title: 'Review', zone: london, rule: 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0', time: '09:00' },
];

/** Chance that is the same each time: a linear congruential generator (Numerical Recipes' constants). */
function chance() {
  let state = 42;
  return (outOf: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * outOf);
  };
}

/** One event without what differs between two accounts: things are told apart by the order in which they appear. */
type LogLine = readonly [at: string, type: string, source: string, thing: number];

/** Somebody's year. */
class Year {
  readonly log: LogLine[] = [];
  readonly dueDates = new Map<string, Set<string>>();
  readonly #choose = chance();
  readonly #things = new Map<string, number>();
  #cursor: string | null = null;

  constructor(
    private readonly world: Harness,
    readonly person: Person,
  ) {}

  async simulate(days: number): Promise<void> {
    for (const { title, zone, rule } of series) {
      const reminders = [{ type: 'BEFORE' as const, offsetMinutes: 30, method: 'IN_APP' as const }];
      const recurrence = { rule, timeZone: zone };
      await this.person.ok(CreateTask, { input: { title, recurrence, reminders, estimatedMinutes: 60 } });
    }
    for (let day = 0; day < days; day += 1) await this.#day(day);
  }

  async #day(day: number): Promise<void> {
    this.world.clock.stopAt(new Date(firstDay + day * 24 * hourMs));
    for (const job of dailyJobs) await this.world.runJobs(job);
    // After all reminders of the day, and before its end.
    this.world.clock.advance(16 * hourMs);
    await this.world.runJobs('tasks.fire-reminders');
    const isIll = this.#choose(20) === 0;
    if (!isIll) await this.#work();
    if (day % 7 === 6) await this.#endWeek();
    await this.#read();
  }

  /** Completes what is due, now and then in focus, now and then by mistake. */
  async #work(): Promise<void> {
    const filter = { completed: false, dueBefore: this.world.clock.now().toISOString() };
    for (const { id, title, version, dueDate } of await this.#list(filter)) {
      this.dueDates.set(title, (this.dueDates.get(title) ?? new Set()).add(dueDate ?? ''));
      if (this.#choose(3) === 0) await this.#focus(id);
      await this.person.ok(CompleteTask, { input: { id, version } });
      if (this.#choose(10) > 0) continue;
      await this.person.ok(ReopenTask, { input: { id, version: version + 1 } });
      await this.person.ok(CompleteTask, { input: { id, version: version + 2 } });
    }
  }

  /** In an order that does not hang on ids, which are random within a millisecond. */
  async #list(filter: TaskFilter) {
    const nodes = nodesOf((await this.person.ok(Tasks, { filter, first: 100 })).tasks);
    const keyOf = ({ createdAt, title }: { createdAt: string; title: string }) => `${createdAt} ${title}`;
    return nodes.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
  }

  async #focus(taskId: string): Promise<void> {
    await this.person.ok(StartFocus, { input: { taskId } });
    this.world.clock.advance((10 + this.#choose(40)) * 60_000);
    await this.person.ok(EndFocus, {});
  }

  /** Deletes what is done, so that there is room, and takes one deletion back. */
  async #endWeek(): Promise<void> {
    await this.world.runJobs();
    let last = '';
    for (const { id, version } of await this.#list({ completed: true })) {
      const { deletedItem } = (await this.person.ok(DeleteTask, { input: { id, version } })).deleteTask;
      last = deletedItem?.id ?? last;
    }
    const { item } = (await this.person.ok(RestoreDeleted, { input: { id: last } })).restoreDeleted;
    if (item.__typename !== 'Task') throw new Error('It was no task.');
    await this.person.ok(UpdateTask, { input: { id: item.id, version: item.version, hidden: true } });
  }

  /** Reads on before the log forgets. */
  async #read(): Promise<void> {
    const { edges } = (await this.person.ok(Changes, { first: 100, after: this.#cursor })).changes;
    for (const { cursor, node } of edges) {
      const thing = this.#things.get(node.entityId) ?? this.#things.size;
      this.#things.set(node.entityId, thing);
      this.log.push([node.at, node.type, node.source, thing]);
      this.#cursor = cursor;
    }
  }
}

async function simulate(world: Harness, days: number): Promise<Year> {
  world.clock.stopAt(new Date(firstDay - hourMs));
  const year = new Year(world, await world.user());
  await year.simulate(days);
  return year;
}

const localTime = (moment: string, timeZone: string) =>
  new Date(moment).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });

test('a year of one user, whose first months are the same to the event when they are lived again', async () => {
  const year = await simulate(world, days);

  const types = new Set(year.log.map(([, type]) => type));
  for (const type of ['reminder.sent', 'streak.updated', 'achievement.unlocked', 'task.recovered', 'focus.ended']) {
    expect(types).toContain(type);
  }
  // Half past eight stays half past eight, over four changes of clocks in two zones.
  for (const { title, zone, time } of series) {
    const times = [...(year.dueDates.get(title) ?? [])].map((dueDate) => localTime(dueDate, zone));
    expect(times.length).toBeGreaterThan(40);
    expect(new Set(times)).toEqual(new Set([time]));
  }
  const { achievements } = await year.person.ok(Achievements, {});
  expect(achievements.longestStreak).toBeGreaterThanOrEqual(15);
  expect(achievements.currentStreak).toBeLessThan(days);
  expect(achievements.focusCompletions).toBeGreaterThanOrEqual(10);

  const again = await simulate(await world.another({}), daysAgain);
  expect(again.log.length).toBeGreaterThan(5 * daysAgain);
  expect(again.log).toEqual(year.log.slice(0, again.log.length));
}, 900_000);
