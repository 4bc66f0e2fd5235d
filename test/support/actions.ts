import {
  Achievements,
  type AchievementsQuery,
  CompleteTask,
  CreateTask,
  DeleteTask,
  ReopenTask,
  Task,
} from '../../generated/documents.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';

/** A new task of this person. */
export async function makeTask(person: Person): Promise<string> {
  return (await person.ok(CreateTask, { input: { title: 'x' } })).createTask.task.id;
}

/** Completes an open task, and answers when. */
export async function finish(person: Person, id: string): Promise<Date> {
  const { version } = (await person.ok(Task, { id })).task;
  const { task } = (await person.ok(CompleteTask, { input: { id, version } })).completeTask;
  return new Date(task.completedAt ?? '');
}

/** Opens a completed task again. */
export async function reopen(person: Person, id: string): Promise<void> {
  const { version } = (await person.ok(Task, { id })).task;
  await person.ok(ReopenTask, { input: { id, version } });
}

/** Deletes a task, and answers what brings it back. */
export async function deleteAndKeep(person: Person, id: string): Promise<string> {
  const { version } = (await person.ok(Task, { id })).task;
  const { deletedItem } = (await person.ok(DeleteTask, { input: { id, version } })).deleteTask;
  return deletedItem?.id ?? '';
}

/** Makes and completes this many tasks, one after the other. */
export async function finishTasks(person: Person, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await finish(person, await makeTask(person));
}

/** How far this person has come. */
export async function achievementsOf(person: Person): Promise<AchievementsQuery['achievements']> {
  return (await person.ok(Achievements, {})).achievements;
}

/** The ids of what this person has earned. */
export async function earnedBy(person: Person): Promise<string[]> {
  const { achievements } = await achievementsOf(person);
  return achievements.filter(({ unlockedAt }) => unlockedAt !== null).map(({ id }) => id);
}

/** Moves the clock to the next time of day that reads so, at least a minute ahead, and signs the person in again. */
export async function signInAt(world: Harness, person: Person, time: string, days = 0): Promise<Person> {
  const now = world.clock.now().getTime();
  const today = new Date(now).toISOString().slice(0, 10);
  const then = Date.parse(`${today}T${time}Z`);
  const day = 86_400_000;
  world.clock.advance((then < now + 60_000 ? then + day : then) + days * day - now);
  return signInAgain(world, person);
}

/** An event of the log, as the database has it. */
export interface StoredEvent {
  readonly number: string;
  readonly type: string;
  readonly source: string;
  readonly metadata: Record<string, unknown>;
}

/** The account's events of one type, in their order. */
export function eventsOf(world: Harness, userId: string, type: string): Promise<StoredEvent[]> {
  return world.sql<StoredEvent>(
    'select number, type, source, metadata from activity.event where account_id = $1 and type = $2 order by number',
    [userId, type],
  );
}

/** When the log says that a task was last completed. */
export async function completedAt(world: Harness, taskId: string): Promise<string | undefined> {
  const rows = await world.sql<{ at: Date }>(
    "select at from activity.event where entity_id = $1 and type = 'task.completed' order by number desc limit 1",
    [taskId],
  );
  return rows[0]?.at.toISOString();
}

/** The same person with a fresh token, for one that has expired by the moved clock. */
export function signInAgain(world: Harness, { session }: Person): Promise<Person> {
  return world.signIn({ email: session.user.email, name: session.user.name });
}

/** All that is stored of an account's achievements. */
export async function stateOf(world: Harness, userId: string) {
  const progress = await world.sql<object>(
    'select *, last_day::text as last_day from achievements.progress where user_id = $1',
    [userId],
  );
  const unlocked = await world.sql<object>(
    'select achievement, unlocked_at from achievements.unlocked where user_id = $1 order by achievement',
    [userId],
  );
  return { progress, unlocked };
}
