import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AddSubtask,
  CompleteTask,
  DeletedItems,
  DeleteTask,
  ReopenTask,
  RestoreDeleted,
  Task,
  Tasks,
  UpdateSubtask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { make } from '../support/series.js';

const world = harness({ lastingTokens: true, worker: false });
const hourMs = 3_600_000;

const kinds = [
  ...(['complete', 'skip', 'end', 'reopen', 'restore', 'pause', 'resume', 'rename', 'add', 'wait'] as const),
  ...(['fill', 'empty'] as const),
];
const history = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds, 'complete', 'skip', 'reopen', 'skip', 'reopen'),
    pick: fc.nat(),
    hours: fc.nat(60),
  }),
  {
    minLength: 20,
    maxLength: 30,
  },
);

interface Known {
  open: boolean;
  deleted: boolean;
}

/** What a series should come to: a few lines in place of all that the server does. */
class Model {
  readonly tasks = new Map<string, Known>();
  readonly dueDates = new Set<string>();
  active = true;
  /** Whether the account has all tasks that it may have, and more. */
  full = false;
  /** Whether the next one comes as soon as there is room. */
  waiting = false;
  newest = '';
  steps = ['a'];

  /** A task that has been made as the next one. */
  made(task: Made | null | undefined): void {
    if (!task) throw new Error('The next one is missing.');
    expect(this.tasks.has(task.id)).toBe(false);
    expect(this.dueDates.has(String(task.dueDate))).toBe(false);
    expect(task.subtasks.map(({ title }) => title)).toEqual(this.steps);
    this.dueDates.add(String(task.dueDate));
    this.tasks.set(task.id, { open: true, deleted: false });
    this.newest = task.id;
    this.waiting = false;
  }

  /** What comes after a task that is done or skipped. */
  goesOn(next: Made | null | undefined, reason: string | null | undefined): void {
    const isMade = this.active && !this.isThere(this.newest);
    this.waiting = isMade && this.full;
    expect(reason).toEqual(this.waiting ? expect.stringContaining('waiting until there is room') : null);
    if (!this.active || this.waiting) expect(next).toBeNull();
    else if (isMade) this.made(next);
    else expect(next?.id).toBe(this.newest);
  }

  stop(): void {
    this.active = false;
    this.waiting = false;
  }

  isThere(id: string): boolean {
    const task = this.tasks.get(id);
    return task?.open === true && !task.deleted;
  }

  ids(wanted: (task: Known) => boolean): string[] {
    return [...this.tasks].flatMap(([id, task]) => (wanted(task) ? [id] : []));
  }
}

interface Made {
  readonly id: string;
  readonly dueDate?: unknown;
  readonly subtasks: readonly { readonly id: string; readonly title: string }[];
}

/** One person's series, lived through. */
class SeriesRun {
  readonly model = new Model();

  private constructor(
    readonly person: Person,
    readonly templateId: string,
  ) {}

  static async begin(): Promise<SeriesRun> {
    const person = await world.user();
    const task = await make(person, { subtasks: [{ title: 'a' }] });
    const run = new SeriesRun(person, task.template?.id ?? '');
    run.model.made(task);
    return run;
  }

  async apply(kind: (typeof kinds)[number], pick: number, hours: number): Promise<void> {
    const { person, model } = this;
    const choose = (ids: readonly string[]) => ids[pick % Math.max(1, ids.length)];
    const open = choose(model.ids(({ open, deleted }) => open && !deleted));
    const done = choose(model.ids(({ open, deleted }) => !open && !deleted));
    const present = choose(model.ids(({ deleted }) => !deleted));
    if (kind === 'complete' && open) {
      const input = { ...(await this.#seen(open)), force: true };
      const { completeTask } = await person.ok(CompleteTask, { input });
      this.#set(open, { open: false });
      model.goesOn(completeTask.nextInstance, completeTask.nextInstanceWaiting);
    } else if ((kind === 'skip' || kind === 'end') && present) {
      const wasOpen = model.tasks.get(present)?.open === true;
      const input = { ...(await this.#seen(present)), endSeries: kind === 'end' };
      const { deleteTask } = await person.ok(DeleteTask, { input });
      this.#set(present, { deleted: true });
      if (kind === 'end') model.stop();
      if (wasOpen) model.goesOn(deleteTask.nextInstance, deleteTask.nextInstanceWaiting);
      else expect(deleteTask.nextInstance).toBeNull();
    } else if (kind === 'reopen' && done) {
      await person.ok(ReopenTask, { input: await this.#seen(done) });
      this.#set(done, { open: true });
    } else if (kind === 'restore' && !model.full) {
      const { deletedItems } = await person.ok(DeletedItems, {});
      const item = deletedItems[pick % Math.max(1, deletedItems.length)];
      if (!item) return;
      await person.ok(RestoreDeleted, { input: { id: item.id } });
      this.#set(item.entityId, { deleted: false });
    } else if (kind === 'pause') {
      await person.ok(UpdateTaskTemplate, { input: { id: this.templateId, active: false } });
      model.stop();
    } else if (kind === 'resume') {
      const input = { id: this.templateId, active: true };
      const { instance, nextInstanceWaiting } = (await person.ok(UpdateTaskTemplate, { input })).updateTaskTemplate;
      model.active = true;
      if (!open) model.goesOn(instance, nextInstanceWaiting);
    } else if (kind === 'rename' && model.isThere(model.newest)) {
      const [first] = (await person.ok(Task, { id: model.newest })).task.subtasks;
      if (!first || first.title !== model.steps[0]) return;
      await person.ok(UpdateSubtask, { input: { id: first.id, title: `renamed ${hours}` } });
      model.steps = [`renamed ${hours}`, ...model.steps.slice(1)];
    } else if (kind === 'add' && model.steps.length < 3) {
      const taskId = open ?? '';
      if (taskId === '') return;
      const input = { taskId, title: `added ${hours}`, recurrenceScope: 'TEMPLATE_ONLY' as const };
      await person.ok(AddSubtask, { input });
      model.steps = [...model.steps, `added ${hours}`];
    } else if (kind === 'fill' && !model.full) {
      await world.sql(
        `insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
         select gen_random_uuid(), $1, 'x', '', 'LOW', '{}', now(), now() from generate_series(1, 150)`,
        [person.id],
      );
      model.full = true;
    } else if (kind === 'empty' && model.full) await this.#empty();
    else if (kind === 'wait') world.clock.advance(hours * hourMs);
  }

  /** There is room again: what waits comes, and nothing else. */
  async #empty(): Promise<void> {
    const { person, model } = this;
    await world.sql('delete from tasks.task where account_id = $1 and template_id is null', [person.id]);
    model.full = false;
    world.clock.advance(hourMs);
    await world.runJobs('tasks.retry-instances');
    const isDue = model.waiting && !model.isThere(model.newest);
    model.waiting = false;
    if (!isDue) return;
    const nodes = nodesOf((await person.ok(Tasks, { filter: { templateId: this.templateId }, first: 100 })).tasks);
    model.made(nodes.find(({ id }) => !model.tasks.has(id)));
  }

  /** None is lost, none is doubled, and none came that nobody asked for. */
  async check(): Promise<void> {
    const nodes = nodesOf((await this.person.ok(Tasks, { filter: { templateId: this.templateId }, first: 100 })).tasks);
    const found = nodes.map(({ id, completed }) => [id, !completed] as const);
    const expected = [...this.model.tasks].flatMap(([id, task]) => (task.deleted ? [] : [[id, task.open] as const]));
    expect(new Map(found)).toEqual(new Map(expected));
    await world.runJobs('tasks.retry-instances');
  }

  async #seen(id: string) {
    return { id, version: (await this.person.ok(Task, { id })).task.version };
  }

  #set(id: string, change: Partial<Known>): void {
    const known = this.model.tasks.get(id);
    if (!known) throw new Error('Nobody made this task.');
    Object.assign(known, change);
  }
}

test('whatever is done to a series, one next task comes, and the series is what its template says', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (actions) => {
      const run = await SeriesRun.begin();
      for (const { kind, pick, hours } of actions) {
        await run.apply(kind, pick, hours);
        await run.check();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
});
