import { randomUUID } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import {
  Achievements,
  AddReminder,
  AddSubtask,
  Changes,
  CompleteTask,
  Conversations,
  CreateTask,
  CreateTaskTemplate,
  DeleteTask,
  DeleteTaskTemplate,
  EndFocus,
  MarkAllNotificationsRead,
  Notifications,
  ReopenTask,
  RestoreDeleted,
  StartFocus,
  Tasks,
  UpdateSubtask,
  UpdateTask,
  UpdateTaskTemplate,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false, lastingTokens: true, config: { AI_RATE_LIMIT_PER_MINUTE: '1' } });
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const several: TypedDocumentNode<Record<string, unknown>, { id: string; first: string; second: string }> = parse(`
  mutation Several($id: ID!, $first: ID!, $second: ID!) {
    completed: completeTask(input: { id: $id, version: 1, force: true }) { task { version } nextInstance { title } }
    reopened: reopenTask(input: { id: $id, version: 2 }) { task { version subtasks { completed } } }
    opened: updateSubtask(input: { id: $first, completed: false }) { task { version subtasks { completed } } }
    reordered: reorderSubtasks(input: { taskId: $id, subtaskIds: [$second, $first] }) {
      task { subtasks { completed order } }
    }
    renamed: updateTask(input: { id: $id, version: 3, title: "y" }) { task { version title } }
    removed: removeSubtask(input: { id: $first }) { task { completed subtasks { completed order } } }
  }
`);

/** Names the account. */
const cursor = /"(cursor|startCursor|endCursor)":"[^"]+"/g;

/** Somebody who keeps every answer, without what differs between two accounts. */
class AnswerRecorder {
  readonly answers: string[] = [];
  readonly #things = new Map<string, number>();

  constructor(
    readonly person: Person,
    private readonly withKeys: boolean,
  ) {}

  async ask<Data, Variables extends object>(document: TypedDocumentNode<Data, Variables>, variables: Variables) {
    const headers: Record<string, string> = this.withKeys ? { 'idempotency-key': randomUUID() } : {};
    const { text, body } = await this.person.send(document, variables, headers);
    expect(body.errors).toBeUndefined();
    if (this.withKeys) expect((await this.person.send(document, variables, headers)).text).toBe(text);
    this.answers.push(text.replace(uuid, (id) => `#${this.#numberOf(id)}`).replace(cursor, '"cursor"'));
    return body.data as Data;
  }

  /** Things are told apart by the order in which they appear. */
  #numberOf(id: string): number {
    const number = this.#things.get(id) ?? this.#things.size;
    this.#things.set(id, number);
    return number;
  }
}

async function workOnSeries(recorder: AnswerRecorder): Promise<void> {
  const { task } = (
    await recorder.ask(CreateTask, {
      input: {
        title: 'Water the plants',
        dueDate: '2027-03-01T09:00:00Z',
        recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' },
        reminders: [{ type: 'BEFORE', offsetMinutes: 30, method: 'IN_APP' }],
        subtasks: [{ title: 'All of them' }],
      },
    })
  ).createTask;
  await recorder.ask(StartFocus, { input: { taskId: task.id } });
  const { subtask } = (await recorder.ask(AddSubtask, { input: { taskId: task.id, title: 'The cactus as well' } }))
    .addSubtask;
  await recorder.ask(UpdateSubtask, { input: { id: subtask?.id ?? '', completed: true } });
  const { version } = await newest(recorder, task.id);
  const { nextInstance } = (await recorder.ask(CompleteTask, { input: { id: task.id, version, force: true } }))
    .completeTask;
  expect(nextInstance?.id).not.toBe(task.id);
  expect(nextInstance).toMatchObject({ dueDate: '2027-03-02T09:00:00.000Z', completed: false });
  const next = { id: nextInstance?.id ?? '', version: nextInstance?.version ?? 0 };
  const recurrence = { rule: 'FREQ=WEEKLY;BYDAY=FR', timeZone: 'UTC' };
  const moved = (await recorder.ask(UpdateTask, { input: { ...next, recurrence, recurrenceScope: 'THIS_AND_FUTURE' } }))
    .updateTask.task;
  await recorder.ask(AddReminder, { input: { taskId: moved.id, type: 'BEFORE', offsetMinutes: 60 } });
  const reopened = await newest(recorder, task.id);
  await recorder.ask(ReopenTask, { input: reopened });
  const { deletedItem } = (await recorder.ask(DeleteTask, { input: await newest(recorder, moved.id) })).deleteTask;
  await recorder.ask(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
}

async function workOnTemplates(recorder: AnswerRecorder): Promise<void> {
  const input = { title: 'Review', rule: 'FREQ=WEEKLY;BYDAY=MO', timeZone: 'Europe/London' };
  const { template } = (await recorder.ask(CreateTaskTemplate, { input })).createTaskTemplate;
  await recorder.ask(UpdateTaskTemplate, { input: { id: template.id, active: false } });
  await recorder.ask(UpdateTaskTemplate, { input: { id: template.id, active: true, title: 'Look back' } });
  await recorder.ask(DeleteTaskTemplate, { input: { id: template.id, withOpenInstances: true } });
  const { task } = (await recorder.ask(CreateTask, { input: { title: 'Once' } })).createTask;
  await recorder.ask(StartFocus, { input: { taskId: task.id } });
  await recorder.ask(EndFocus, {});
  await recorder.ask(CompleteTask, { input: { id: task.id, version: task.version } });
  await recorder.ask(MarkAllNotificationsRead, {});
}

async function newest(recorder: AnswerRecorder, id: string): Promise<{ id: string; version: number }> {
  const { tasks } = await recorder.person.ok(Tasks, { filter: {} });
  const found = nodesOf(tasks).find((task) => task.id === id);
  return { id, version: found?.version ?? 0 };
}

async function answersOf(withKeys: boolean): Promise<string[]> {
  world.clock.stopAt(new Date('2027-03-01T08:00:00Z'));
  const recorder = new AnswerRecorder(await world.user(), withKeys);
  await workOnSeries(recorder);
  await workOnTemplates(recorder);
  await recorder.ask(Tasks, {});
  await recorder.ask(Notifications, {});
  await recorder.ask(Achievements, {});
  await recorder.ask(Changes, { first: 100 });
  return recorder.answers;
}

test('with an Idempotency-Key everything comes out as without one, and is repeated byte for byte', async () => {
  const withKeys = await answersOf(true);
  const without = await answersOf(false);
  expect(withKeys.length).toBeGreaterThan(20);
  expect(withKeys).toEqual(without);
});

type Refused = TypedDocumentNode<Record<string, unknown>, { id: string; subtask: string; far: string }>;
const refused: Refused = parse(`
  mutation Refused($id: ID!, $subtask: ID!, $far: DateTime!) {
    renamed: updateSubtask(input: { id: $subtask, title: "Renamed" }) { subtask { title } }
    raised: updateTask(input: { id: $id, version: 1, priority: HIGH }) { task { version } }
    refused: updateTask(input: { id: $id, version: 2, title: "Refused", dueDate: $far }) { task { version } }
  }
`);
const gone: Refused = parse(`
  mutation Gone($id: ID!, $subtask: ID!, $far: DateTime!) {
    renamed: updateSubtask(input: { id: $subtask, title: "Again" }) { subtask { title } }
    removed: removeSubtask(input: { id: $subtask }) { task { version } }
    gone: updateSubtask(input: { id: $subtask, title: "Gone" }) { subtask { title } }
    last: updateTask(input: { id: $id, version: 2, dueDate: $far }) { task { version } }
  }
`);

test.each([[true], [false]])('what a refused mutation changed is not written (keys: %p)', async (withKeys) => {
  const person = await world.user();
  const { task } = (await person.ok(CreateTask, { input: { title: 'x', subtasks: [{ title: 'y' }] } })).createTask;
  const far = new Date(world.clock.now().getTime() + 300 * 86_400_000).toISOString();
  const variables = { id: task.id, subtask: task.subtasks[0]?.id ?? '', far };
  for (const [operation, field, code] of [
    [refused, 'refused', 'VALIDATION_FAILED'],
    [gone, 'gone', 'NOT_FOUND'],
  ] as const) {
    const { body } = await person.send(operation, variables, withKeys ? { 'idempotency-key': randomUUID() } : {});
    // The answers of those before it are lost, and those behind it are not begun.
    expect(body).toMatchObject({ data: null, errors: [{ path: [field], extensions: { code } }] });
  }
  expect(nodesOf((await person.ok(Tasks, {})).tasks)).toMatchObject([
    { title: 'x', dueDate: null, priority: 'HIGH', version: 2 },
  ]);
});

const asking: TypedDocumentNode<Record<string, unknown>, Record<string, never>> = parse(`
  mutation Asking {
    made: createTask(input: { title: "x" }) { task { id } }
    asked: sendChatMessage(input: { content: "x" }) { creditsRemaining }
    again: sendChatMessage(input: { content: "y" }) { creditsRemaining }
  }
`);

test.each([[true], [false]])(
  'an error that passes undoes the mutations before it only where they can be sent again (keys: %p)',
  async (withKeys) => {
    const person = await world.user();
    await world.model({ text: 'Hello', tokensPerSecond: 0 });
    const { body } = await person.send(asking, {}, withKeys ? { 'idempotency-key': randomUUID() } : {});
    expect(body).toMatchObject({ data: null, errors: [{ path: ['again'], extensions: { code: 'RATE_LIMITED' } }] });
    expect((await person.ok(Tasks, {})).tasks.totalCount).toBe(withKeys ? 0 : 1);
    expect((await person.ok(Conversations, {})).conversations.totalCount).toBe(withKeys ? 0 : 1);
  },
);

test.each([[true], [false]])(
  'mutations of one operation see what those before them wrote (keys: %p)',
  async (withKeys) => {
    const recorder = new AnswerRecorder(await world.user(), withKeys);
    const subtasks = [{ title: 'First' }, { title: 'Second' }];
    const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
    const { task } = (await recorder.ask(CreateTask, { input: { title: 'x', subtasks, recurrence } })).createTask;
    const [first, second] = task.subtasks.map(({ id }) => id);
    expect(await recorder.ask(several, { id: task.id, first: first ?? '', second: second ?? '' })).toEqual({
      completed: { task: { version: 2 }, nextInstance: { title: 'x' } },
      reopened: { task: { version: 3, subtasks: [{ completed: false }, { completed: false }] } },
      opened: { task: { version: 3, subtasks: [{ completed: false }, { completed: false }] } },
      reordered: {
        task: {
          subtasks: [
            { completed: false, order: 0 },
            { completed: false, order: 1 },
          ],
        },
      },
      renamed: { task: { version: 4, title: 'y' } },
      removed: { task: { completed: false, subtasks: [{ completed: false, order: 0 }] } },
    });
    expect((await recorder.person.ok(Tasks, {})).tasks).toMatchObject({
      totalCount: 2,
      edges: [{ node: { title: 'x', completed: false } }, { node: { title: 'y', version: 4 } }],
    });
  },
);
