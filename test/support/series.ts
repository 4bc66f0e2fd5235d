import {
  CompleteTask,
  type CompleteTaskMutation,
  CreateTask,
  type CreateTaskMutation,
} from '../../generated/documents.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';

/** Makes a task that recurs daily, unless `input` says otherwise. */
export async function make(person: Person, input: object = {}): Promise<CreateTaskMutation['createTask']['task']> {
  const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
  return (await person.ok(CreateTask, { input: { title: 'Water the plants', recurrence, ...input } })).createTask.task;
}

/** Completes a task together with what is open of it. */
export async function complete(
  person: Person,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<CompleteTaskMutation['completeTask']> {
  return (await person.ok(CompleteTask, { input: { id, version, force: true } })).completeTask;
}

/** Goes to a moment. */
export function goTo(world: Harness, moment: string): void {
  world.clock.goTo(new Date(moment));
}
