import { Source } from '../../entities/activity/event.js';
import type { Subtask } from '../../entities/tasks/subtask.js';
import { CompletedBy, type Task } from '../../entities/tasks/task.js';
import type { DomainEvent } from '../activity/index.js';

/** A task was made, with this many subtasks. */
export function taskCreated(task: Task, subtasks: number): DomainEvent {
  return about(task, 'task.created', { subtasks });
}

/** A task was changed; `fields` names what. */
export function taskUpdated(task: Task, fields: readonly string[]): DomainEvent {
  return about(task, 'task.updated', { fields });
}

const completionTypes = {
  [CompletedBy.MANUAL]: 'task.completed',
  [CompletedBy.AUTO]: 'task.auto_completed',
  [CompletedBy.FORCE]: 'task.force_completed',
};

/** A task was completed; one that its last subtask completed says that the system did it. */
export function taskCompleted(task: Task, by: CompletedBy): DomainEvent {
  const event = about(task, completionTypes[by], {});
  return by === CompletedBy.AUTO ? { ...event, source: Source.SYSTEM } : event;
}

/** A subtask was made. */
export function subtaskCreated(subtask: Subtask): DomainEvent {
  return ofSubtask(subtask, 'subtask.created');
}

/** A subtask was changed or opened again. */
export function subtaskUpdated(subtask: Subtask, fields: readonly string[]): DomainEvent {
  return { ...ofSubtask(subtask, 'subtask.updated'), metadata: { taskId: subtask.taskId, fields } };
}

/** A subtask was completed, alone or together with its task. */
export function subtaskCompleted(subtask: Subtask): DomainEvent {
  return ofSubtask(subtask, 'subtask.completed');
}

function about(task: Task, type: string, metadata: DomainEvent['metadata']): DomainEvent {
  return { type, entityType: 'task', entityId: task.id, metadata: metadata ?? {} };
}

function ofSubtask(subtask: Subtask, type: string): DomainEvent {
  return { type, entityType: 'subtask', entityId: subtask.id, metadata: { taskId: subtask.taskId } };
}
