import { z } from 'zod';
import { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { type Context, load, type Tx } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { field, parse } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { templateUpdated } from '../events.js';
import { checkDescription, description, estimate, newSubtasks, priority, tags, title } from '../task-input.js';
import { unsafeTasksById } from '../task-rows.js';
import { changeFutureRule } from './change-future-rule.js';
import { nothingNext, tryNextInstance } from './continue-series.js';
import type { WrittenTemplate } from './create-template.js';
import { loadSeriesInZone } from './occurrence-rows.js';
import { readSeries } from './series.js';
import { zoneOf } from './template-input.js';
import { templateReminders, writeReminders, writeSubtasks } from './write-content.js';

const Input = z.strictObject({
  id: field.id,
  title: title.optional(),
  description: description.optional(),
  priority: priority.optional(),
  estimatedMinutes: estimate.optional(),
  tags: tags.optional(),
  rule: z.string().optional(),
  timeZone: field.timeZone.nullable().optional(),
  active: z.boolean().optional(),
  subtasks: newSubtasks.optional(),
  reminders: templateReminders.optional(),
});
type Given = Omit<z.output<typeof Input>, 'id'>;

export const updateTaskTemplateErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also a rule, with the reason',
  ...requireMayErrors,
  LIMIT_REACHED: '`subtasksPerTask`, `remindersPerTask`',
};

/**
 * Changes what the tasks to come are made from; those that are there stay. A null time zone is the user's own.
 * An active template that is told to be active, or gets a new rule, makes its next task at once, unless one is open.
 * When there is no room for it, the change stands, and a job makes it as soon as there is.
 */
export async function updateTaskTemplate(ctx: Context, input: unknown): Promise<WrittenTemplate> {
  const { id, ...given } = parse(Input, input);
  const fields = Object.entries(given).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  return transaction(ctx, async (tx) => {
    const template = await requireMay(tx, 'write task template', await tx.entities().findOne(TaskTemplate, { id }));
    if (fields.length > 0) {
      await apply(tx, template, given);
      await record(tx, templateUpdated(template, fields));
      // The series is read as rows.
      await tx.flush();
    }
    const goesOn = template.active && (given.active === true || given.rule !== undefined);
    return { template, ...(await instanceOf(tx, template, goesOn)) };
  });
}

/** The template's open task; one that goes on gets one. */
async function instanceOf(tx: Tx, { id }: TaskTemplate, goesOn: boolean): Promise<Omit<WrittenTemplate, 'template'>> {
  const series = await readSeries(tx, id);
  if (series?.openId) return { instance: await load(tx, unsafeTasksById, series.openId), nextInstanceWaiting: null };
  const { nextInstance, nextInstanceWaiting } = series && goesOn ? await tryNextInstance(tx, series) : nothingNext;
  return { instance: nextInstance, nextInstanceWaiting };
}

async function apply(tx: Tx, template: TaskTemplate, given: Given): Promise<void> {
  const { rule, timeZone, active, subtasks, reminders, ...plain } = given;
  if (plain.description !== undefined) checkDescription(plain.description, tx.unit.account.plan, template.description);
  Object.assign(template, Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)));
  if (subtasks) await writeSubtasks(tx, template, subtasks);
  if (reminders) await writeReminders(tx, template, reminders);
  if (active === false) template.pause();
  if (active === true) template.active = true;
  if (rule === undefined && timeZone === undefined) return;
  const zone = timeZone === undefined ? template.timeZone : await zoneOf(tx, { timeZone });
  const series = await loadSeriesInZone(tx, template.id, zone);
  const next = { rule: rule ?? template.rule, timeZone: zone };
  Object.assign(template, changeFutureRule(series, next, tx.clock.now(), ''));
}
