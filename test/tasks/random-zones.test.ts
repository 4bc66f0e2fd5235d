import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CompleteTask, DeleteTask, UpdateTask, UpdateTaskTemplate } from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { localTimeOf, momentOf } from '../../src/tasks/recurrence/index.js';
import { type Harness, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { goTo, make } from '../support/series.js';

const world = harness({ lastingTokens: true, worker: false });

const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];
const daysOf = {
  'FREQ=DAILY': () => true,
  'FREQ=WEEKLY;BYDAY=MO,TH': (day: Date) => [1, 4].includes(day.getUTCDay()),
  'FREQ=MONTHLY;BYMONTHDAY=3,17': (day: Date) => [3, 17].includes(day.getUTCDate()),
};
type Days = keyof typeof daysOf;
const hours = ['0', '9', '9,14', '23'];

const rule = fc.record({
  days: fc.constantFrom<Days>('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TH', 'FREQ=MONTHLY;BYMONTHDAY=3,17'),
  hours: fc.constantFrom(...hours),
  timeZone: fc.constantFrom(...zones),
  count: fc.option(fc.integer({ min: 2, max: 5 }), { freq: 2 }),
});
type Rule = typeof rule extends fc.Arbitrary<infer Value> ? Value : never;

const action = fc.record({
  kind: fc.constantFrom(
    'complete',
    'skip',
    'wait',
    'move',
    'zone',
    'template',
    'templateOnly',
    'andFuture',
    'andFuture',
    'andFutureAt',
  ),
  rule,
  // Whether an edit of the rule gives the one that the series has, in another time zone.
  same: fc.boolean(),
  minutes: fc.integer({ min: 1, max: 4 * 1_440 }),
});
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

interface Edit {
  readonly id: string;
  readonly version: number;
  readonly recurrence: { readonly rule: string; readonly timeZone: string };
}

type Shown = Pick<Edit, 'id' | 'version'> & { readonly dueDate?: unknown };

/** What a task stands for. */
interface Stood {
  readonly generation: number;
  readonly localTime: string;
  readonly dueDate: Date;
}

interface Known {
  /** Null when it was skipped. */
  dueDate: Date | null;
  stood: Stood;
}

const textOf = ({ days, hours, count }: Rule) =>
  `${days};BYHOUR=${hours};BYMINUTE=0;BYSECOND=0${count ? `;COUNT=${count}` : ''}`;
const dayOf = (localTime: string) => localTime.slice(0, 10);

/** The wall-clock times of a rule from a moment on, day by day: no more is known of rules here. */
function* timesFrom({ days, hours, timeZone }: Rule, from: Date): Generator<Omit<Stood, 'generation'>> {
  const start = Date.parse(`${dayOf(localTimeOf(from, timeZone))}T00:00:00Z`);
  for (let ms = start; ms < start + 400 * dayMs; ms += dayMs) {
    if (!daysOf[days](new Date(ms))) continue;
    for (const hour of hours.split(',')) {
      const localTime = `${new Date(ms).toISOString().slice(0, 10)}T${hour.padStart(2, '0')}:00:00`;
      const dueDate = momentOf(localTime, timeZone);
      if (dueDate >= from) yield { localTime, dueDate };
    }
  }
}

/**
 * A series over rules and time zones. Each rule that begins is a generation, with wall-clock times of its own, which a
 * change of the time zone leaves; what earlier generations have is theirs by day.
 */
class Model {
  generation = 1;
  taken: readonly string[] = [];
  /** Its dates before that are none of its generation. */
  startsAt: string;
  open: Known;
  readonly others: Known[] = [];

  constructor(
    public rule: Rule,
    begun: Omit<Stood, 'generation'>,
  ) {
    this.startsAt = begun.localTime;
    this.open = { dueDate: begun.dueDate, stood: { ...begun, generation: 1 } };
  }

  get isDue(): Date {
    if (!this.open.dueDate) throw new Error('The open task has a due date.');
    return this.open.dueDate;
  }

  /** Whether a task of the present rule is there, or was, besides the open one where that moves. */
  isBegun(known: readonly Known[]): boolean {
    return known.some(({ stood }) => stood.generation === this.generation);
  }

  /** The days from now on with a task, and the generation of each. */
  used(timeZone: string, now: Date, known: readonly Known[]) {
    const today = dayOf(localTimeOf(now, timeZone));
    return known.flatMap(({ dueDate, stood }) =>
      [stood.dueDate, ...(dueDate ? [dueDate] : [])]
        .map((moment) => ({ day: dayOf(localTimeOf(moment, timeZone)), generation: stood.generation }))
        .filter(({ day }) => day >= today),
    );
  }

  usedDays(timeZone: string, now: Date, known: readonly Known[]): string[] {
    return this.used(timeZone, now, known).map(({ day }) => day);
  }

  /** What has passed was left out where the rule was then; what earlier generations have to come is where it is. */
  #moveTaken(timeZone: string, now: Date, known: readonly Known[]): void {
    const today = dayOf(localTimeOf(now, timeZone));
    const others = this.used(timeZone, now, known).filter(({ generation }) => generation !== this.generation);
    this.taken = [...this.taken.filter((day) => day < today), ...others.map(({ day }) => day)];
  }

  /** The dates of the rule: its beginning counts, whichever day that is on, and no other on a day that is taken. */
  *dates(): Generator<Stood> {
    const { rule, startsAt } = this;
    const begins = momentOf(startsAt, rule.timeZone);
    let seen = timesFrom(rule, begins).next().value?.localTime === startsAt ? 0 : 1;
    for (const each of timesFrom(rule, begins)) {
      if (each.localTime !== startsAt && this.taken.includes(dayOf(each.localTime))) continue;
      seen += 1;
      if (rule.count !== null && seen > rule.count) return;
      yield { ...each, generation: this.generation };
    }
  }

  /** The first date that no task of this generation has, and no day of an earlier one; null when the rule has ended. */
  free(from: Date): Stood | null {
    const made = this.others.filter(({ stood }) => stood.generation === this.generation);
    for (const each of this.dates()) {
      const isMade = made.some(
        ({ stood }) => stood.localTime === each.localTime || stood.dueDate.getTime() === each.dueDate.getTime(),
      );
      if (each.dueDate >= from && !isMade && !this.taken.includes(dayOf(each.localTime))) return each;
    }
    return null;
  }

  /** Whether a task comes next. */
  goesOn(now: Date, isSkipped: boolean): boolean {
    this.others.push(isSkipped ? { ...this.open, dueDate: null } : this.open);
    const stood = this.free(new Date(now.getTime() + 1));
    if (stood) this.#put(stood);
    return stood !== null;
  }

  onwards(rule: Rule, now: Date): void {
    const all = [...this.others, this.open];
    const goesOn = textOf(rule) === textOf(this.rule) && (this.isBegun(all) || rule.timeZone === this.rule.timeZone);
    const isSameZone = rule.timeZone === this.rule.timeZone;
    this.rule = rule;
    if (goesOn && !isSameZone) this.#moveTaken(rule.timeZone, now, all);
    if (goesOn) return;
    const used = this.usedDays(rule.timeZone, now, all);
    const there = (moment: Date) => localTimeOf(moment, rule.timeZone);
    const its = [this.isDue, this.open.stood.dueDate].map((moment) => dayOf(there(moment)));
    const time = this.startsAt.slice(dayOf(this.startsAt).length);
    this.#begin(used);
    // The open task counts where its day is one of the rule's.
    if (rule.count !== null && this.isDue >= now) {
      this.startsAt = this.first(rule, momentOf(`${its[0]}T00:00:00`, rule.timeZone), its).localTime;
      return;
    }
    const nearest = this.first(rule, now, []).localTime;
    const ahead = `${its[1]}${time}`;
    const onwards =
      this.open.stood.dueDate >= now ? this.first(rule, momentOf(ahead, rule.timeZone), its).localTime : nearest;
    this.startsAt = ahead < there(now) || onwards < nearest ? onwards : nearest;
  }

  /** The open task follows a rule, on its own day or later. */
  turn(rule: Rule, now: Date): void {
    const { timeZone } = this.rule;
    const { stood } = this.open;
    const due = this.isDue;
    const isMoved = due.getTime() !== stood.dueDate.getTime();
    const day = dayOf(localTimeOf(due, timeZone));
    const from = new Date(Math.max(now.getTime(), momentOf(`${day}T00:00:00`, rule.timeZone).getTime()));
    const isSame = textOf(rule) === textOf(this.rule);
    this.rule = rule;
    const used = this.usedDays(rule.timeZone, now, this.others);
    const isOwn = stood.generation === this.generation;
    if (!isSame || !(isOwn || this.isBegun(this.others))) {
      this.#begin(used);
      const day = dayOf(stood.localTime);
      const all = this.used(rule.timeZone, now, this.others);
      const isShared = all.every((each) => each.day !== day || each.generation === stood.generation);
      this.#put(this.first(rule, from, isShared ? [day] : [], this.others));
      this.startsAt = this.open.stood.localTime;
      return;
    }
    this.#moveTaken(rule.timeZone, now, this.others);
    const at = momentOf(stood.localTime, rule.timeZone);
    // In its place it is left alone.
    if (isOwn && isMoved && timeZone === rule.timeZone) return;
    if (isOwn && isMoved) this.open = { dueDate: due, stood: { ...stood, dueDate: at } };
    else if (isOwn && at >= now) this.#put({ ...stood, dueDate: at });
    else if (!isOwn || this.isBegun(this.others)) this.#put(this.free(isOwn ? now : from) ?? this.open.stood, due);
    else {
      this.#put(this.first(rule, now, []));
      this.startsAt = this.open.stood.localTime;
    }
  }

  /** A rule begins with the open task when that is due; its own leaves out what it has counted. */
  turnTo(rule: Rule, dueDate: Date, now: Date): void {
    const { stood } = this.open;
    const goesOn = textOf(rule) === textOf(this.rule) && stood.generation === this.generation;
    const before = goesOn ? [...this.dates()].filter(({ localTime }) => localTime < stood.localTime).length : 0;
    const offRule = goesOn && [...this.dates()][0]?.localTime !== this.startsAt && this.startsAt < stood.localTime;
    const counted = before + (offRule ? 1 : 0);
    const count = rule.count && Math.max(1, rule.count - counted);
    this.#begin(this.usedDays(rule.timeZone, now, this.others));
    this.rule = { ...rule, count };
    this.startsAt = localTimeOf(dueDate, rule.timeZone);
    this.#put({ localTime: this.startsAt, dueDate, generation: this.generation });
  }

  /** The first date of a rule that begins: on some days only what others have is left out. */
  first(rule: Rule, from: Date, itsDays: readonly string[], others: readonly Known[] = []): Stood {
    const times = others.map(({ stood }) => localTimeOf(stood.dueDate, rule.timeZone));
    for (const each of timesFrom(rule, from)) {
      const day = dayOf(each.localTime);
      const isTaken = this.taken.includes(day) && !itsDays.includes(day);
      if (!isTaken && !times.includes(each.localTime)) return { ...each, generation: this.generation };
    }
    throw new Error('The rule goes on.');
  }

  /** Where it stays what it was, its due date stays, too. */
  #put(stood: Stood, due: Date = stood.dueDate): void {
    this.open = { dueDate: stood === this.open.stood ? due : stood.dueDate, stood };
  }

  #begin(taken: readonly string[]): void {
    this.generation += 1;
    this.taken = taken;
  }
}

/** One person's series, lived through. */
class SeriesRun {
  /** Whether its rule has ended, and nothing is open. */
  isOver = false;

  private constructor(
    private readonly world: Harness,
    readonly person: Person,
    readonly model: Model,
    readonly templateId: string,
    private task: { readonly id: string; readonly version: number },
  ) {}

  static async begin(world: Harness, first: Rule): Promise<SeriesRun> {
    goTo(world, '2027-01-13T10:30:00Z');
    const person = await world.user();
    const task = await make(person, { recurrence: { rule: textOf(first), timeZone: first.timeZone } });
    const [begun] = timesFrom(first, world.clock.now());
    if (!begun) throw new Error('The rule occurs.');
    expect(task.dueDate).toBe(begun.dueDate.toISOString());
    return new SeriesRun(world, person, new Model(first, begun), task.template?.id ?? '', task);
  }

  async apply(given: Action): Promise<void> {
    const { person, model } = this;
    const now = this.world.clock.now();
    const { id, version } = this.task;
    const next = given.same ? { ...model.rule, timeZone: given.rule.timeZone } : given.rule;
    const recurrence = { rule: textOf(next), timeZone: next.timeZone };
    if (given.kind === 'wait') this.world.clock.advance(given.minutes * 60_000);
    else if (given.kind === 'complete') {
      const { nextInstance } = (await person.ok(CompleteTask, { input: { id, version } })).completeTask;
      this.#isNext(nextInstance, model.goesOn(now, false));
    } else if (given.kind === 'skip') {
      const { nextInstance } = (await person.ok(DeleteTask, { input: { id, version } })).deleteTask;
      this.#isNext(nextInstance, model.goesOn(now, true));
    } else if (given.kind === 'move') {
      const dueDate = new Date(Math.floor(now.getTime() / 60_000 + given.minutes) * 60_000);
      const input = { id, version, dueDate: dueDate.toISOString() };
      this.#isHere((await person.ok(UpdateTask, { input })).updateTask.task, dueDate);
      model.open.dueDate = dueDate;
    } else if (model.isDue < now && model.open.stood.dueDate >= now) {
      // One that was put off into the past still counts where its date is to come.
      return;
    } else if (given.kind === 'zone' || given.kind === 'template') {
      const input = { id: this.templateId, timeZone: next.timeZone };
      const rule = given.kind === 'zone' ? { ...model.rule, timeZone: next.timeZone } : next;
      await person.ok(UpdateTaskTemplate, { input: given.kind === 'zone' ? input : { ...input, rule: textOf(next) } });
      model.onwards(rule, now);
    } else if (model.isDue < now) return;
    else await this.#edit(given, next, { id, version, recurrence });
  }

  async #edit({ kind, minutes }: Action, next: Rule, edit: Edit): Promise<void> {
    const { person, model } = this;
    const now = this.world.clock.now();
    if (kind === 'templateOnly') {
      const input = { ...edit, recurrenceScope: 'TEMPLATE_ONLY' as const };
      this.#isHere((await person.ok(UpdateTask, { input })).updateTask.task, model.isDue);
      model.onwards(next, now);
      return;
    }
    if (kind === 'andFutureAt') {
      const dueDate = new Date(Math.floor(now.getTime() / 60_000 + minutes) * 60_000);
      if (dueDate.getTime() === model.isDue.getTime()) return;
      const input = { ...edit, dueDate: dueDate.toISOString(), recurrenceScope: 'THIS_AND_FUTURE' as const };
      this.#isHere((await person.ok(UpdateTask, { input })).updateTask.task, dueDate);
      model.turnTo(next, dueDate, now);
      return;
    }
    const isSame = textOf(next) === textOf(model.rule) && next.timeZone === model.rule.timeZone;
    // Whether such a task stays where it is hangs on where its rule has begun.
    if (isSame && model.open.stood.generation !== model.generation) return;
    const input = { ...edit, recurrenceScope: 'THIS_AND_FUTURE' as const };
    const { task } = (await person.ok(UpdateTask, { input })).updateTask;
    model.turn(next, now);
    this.#isHere(task, model.isDue);
  }

  #isNext(task: Shown | null | undefined, goesOn: boolean): void {
    this.isOver = !goesOn;
    if (goesOn && task) this.#isHere(task, this.model.isDue);
    else expect(task ?? null).toBe(goesOn ? 'a task' : null);
  }

  #isHere(task: Shown, dueDate: Date): void {
    expect(task.dueDate).toBe(dueDate.toISOString());
    this.task = task;
  }
}

test('a series goes through rules and time zones by its wall clock, and no date of it is lost or comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(rule, fc.array(action, { minLength: 15, maxLength: 25 }), async (first, actions) => {
      const run = await SeriesRun.begin(await world.another({}), first);
      for (const each of actions) if (!run.isOver) await run.apply(each);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 900_000);
