import { Priority } from '../../../entities/tasks/priority.js';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { record } from '../../activity/index.js';
import { type Context, newId, type Tx } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { parse } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { requireTaskCapacity, requireTemplateCapacity } from '../capacity.js';
import { templateCreated } from '../events.js';
import { momentOf, type Occurrence, type Recurrence } from '../recurrence/index.js';
import { checkDescription, description, dueDate, estimate, newSubtasks, priority, tags, title } from '../task-input.js';
import type { TaskRow } from '../task-rows.js';
import { makeInstance } from './make-instance.js';
import { readSeriesFrom, recurrence } from './template-input.js';
import { templateReminders, writeReminders, writeSubtasks } from './write-content.js';

const Input = recurrence.extend({
  title,
  description: description.default(''),
  priority: priority.default(Priority.MEDIUM),
  estimatedMinutes: estimate.default(null),
  tags: tags.default([]),
  firstDueDate: dueDate.default(null),
  subtasks: newSubtasks.default([]),
  reminders: templateReminders.default([]),
});

export const createTaskTemplateErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also a rule, with the reason',
  LIMIT_REACHED: '`tasks`, `taskTemplates`, `subtasksPerTask`, `remindersPerTask`',
};

/** A template and the task of it that is to be done next, if there is one. */
export interface WrittenTemplate {
  readonly template: TaskTemplate;
  readonly instance: TaskRow | null;
  /** Why there is none yet, for its user; null when nothing is waited for. */
  readonly nextInstanceWaiting: string | null;
}

/** What a template's tasks take from it. */
export type TemplateFields = Pick<TaskTemplate, 'title' | 'description' | 'priority' | 'estimatedMinutes' | 'tags'>;

/**
 * Makes a template and its first task, due at `firstDueDate`, else at the rule's first occurrence for which its
 * reminders are in time.
 */
export async function createTaskTemplate(ctx: Context, input: unknown): Promise<WrittenTemplate> {
  const { rule, timeZone, firstDueDate, subtasks, reminders, ...fields } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    checkDescription(fields.description, tx.unit.account.plan);
    const parsed = await readSeriesFrom(tx, { rule, timeZone }, firstDueDate, '', reminders);
    await requireTaskCapacity(tx);
    const template = await makeTemplate(tx, fields, parsed);
    const content = {
      subtasks: await writeSubtasks(tx, template, subtasks),
      reminders: await writeReminders(tx, template, reminders),
    };
    // Its first task is written as a row, which refers to it.
    await tx.flush();
    const instance = await makeInstance(tx, { ...sourceOf(template), ...content }, firstOf(parsed, firstDueDate));
    return { template, instance, nextInstanceWaiting: null };
  });
}

function sourceOf({ id, accountId, title, description, priority, estimatedMinutes, tags }: TaskTemplate) {
  return { id, accountId, title, description, priority, estimatedMinutes, tags };
}

/** Writes a template. @throws LIMIT_REACHED */
export async function makeTemplate(tx: Tx, fields: TemplateFields, recurrence: Recurrence): Promise<TaskTemplate> {
  await requireTemplateCapacity(tx);
  const { title, description, priority, estimatedMinutes, tags } = fields;
  const template = new TaskTemplate({
    ...{ title, description, priority, estimatedMinutes, tags: [...tags] },
    ...recurrence,
    id: newId(tx.clock),
    accountId: tx.unit.account.id,
    createdAt: tx.clock.now(),
  });
  tx.entities().persist(template);
  await record(tx, templateCreated(template));
  return template;
}

/** The first task of a series, where that begins: when the user says, to the millisecond, else when the rule does. */
export function firstOf({ startsAt, timeZone }: Recurrence, dueDate: Date | null): Occurrence {
  return { localTime: startsAt, at: dueDate ?? momentOf(startsAt, timeZone) };
}
