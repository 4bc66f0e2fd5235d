import { FocusSession } from '../../entities/tasks/focus-session.js';
import { Occurrence } from '../../entities/tasks/occurrence.js';
import { Reminder } from '../../entities/tasks/reminder.js';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { TaskTemplate } from '../../entities/tasks/task-template.js';
import { TemplateReminder } from '../../entities/tasks/template-reminder.js';
import { TemplateSubtask } from '../../entities/tasks/template-subtask.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

const deleted = { kind: 'DELETED' } as const;
const withTask = { kind: 'WITH', table: 'tasks.task' } as const;
const withTemplate = { kind: 'WITH', table: 'tasks.task_template' } as const;
const ours = 'How we try again to make its next task.';

/** Tasks and what belongs to them. Subtasks and reminders go with their task, whose order of subtasks has no gaps. */
export const tasksTables: readonly AccountTable[] = [
  accountTable(FocusSession, {
    name: 'focus-sessions',
    what: 'When you focused on which task.',
    of: 'accountId',
    order: ['id'],
    onDeletion: deleted,
  }),
  accountTable(Occurrence, {
    name: 'occurrences',
    what: 'Dates of recurring tasks that have become tasks.',
    of: 'accountId',
    order: ['templateId', 'localTime', 'ruleNumber'],
    onDeletion: deleted,
  }),
  accountTable(Task, {
    name: 'tasks',
    what: 'Your tasks, done or not.',
    of: 'accountId',
    order: ['id'],
    left: { newestVersion: 'It counts, for us.' },
    onDeletion: deleted,
  }),
  accountTable(Subtask, {
    name: 'subtasks',
    what: 'Subtasks, each with the id of its task.',
    of: 'accountId',
    order: ['id'],
    onDeletion: withTask,
  }),
  accountTable(Reminder, {
    name: 'reminders',
    what: 'Reminders, each with the id of its task.',
    of: 'accountId',
    order: ['id'],
    onDeletion: withTask,
  }),
  accountTable(TaskTemplate, {
    name: 'task-templates',
    what: 'What your recurring tasks are made from, with their rules.',
    of: 'accountId',
    order: ['id'],
    left: { retryAt: ours, failures: ours },
    onDeletion: deleted,
  }),
  accountTable(TemplateSubtask, {
    name: 'template-subtasks',
    what: 'Subtasks that a recurring task begins with.',
    of: 'accountId',
    order: ['id'],
    onDeletion: withTemplate,
  }),
  accountTable(TemplateReminder, {
    name: 'template-reminders',
    what: 'Reminders that a recurring task begins with.',
    of: 'accountId',
    order: ['id'],
    onDeletion: withTemplate,
  }),
];
