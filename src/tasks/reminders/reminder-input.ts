import { z } from 'zod';
import { ReminderMethod, ReminderState, ReminderType } from '../../../entities/tasks/reminder.js';
import { minuteMs } from '../../kernel/days.js';
import { type BrokenRule, invalid } from '../../kernel/errors.js';
import { field } from '../../kernel/input.js';

/** Minutes of the largest offset: 30 days, as far as a due date may lie ahead. */
const maxOffsetMinutes = 43_200;

/** Minutes before or after the due date. */
export const offsetMinutes = z
  .int()
  .min(0, 'must be at least 0')
  .max(maxOffsetMinutes, `must be at most ${maxOffsetMinutes} (30 days)`);
/** How a reminder reaches its user; null is the default, by push. */
export const method = z
  .enum(ReminderMethod)
  .nullable()
  .transform((value) => value ?? ReminderMethod.PUSH);

/** A reminder of a task, new or to be written with it. */
export const newReminder = z
  .object({
    type: z.enum(ReminderType),
    offsetMinutes: offsetMinutes.nullable().default(null),
    at: field.moment.nullable().default(null),
    method: method.default(ReminderMethod.PUSH),
  })
  .superRefine(({ type, offsetMinutes, at }, refusal) => {
    const isAbsolute = type === ReminderType.ABSOLUTE;
    const refuse = (field: string, rule: string) => refusal.addIssue({ code: 'custom', path: [field], message: rule });
    if (isAbsolute && at === null) refuse('at', 'is required for an absolute reminder');
    if (isAbsolute && offsetMinutes !== null) refuse('offsetMinutes', 'goes with BEFORE and AFTER');
    if (!isAbsolute && offsetMinutes === null) refuse('offsetMinutes', 'is required before or after the due date');
    if (!isAbsolute && at !== null) refuse('at', 'goes with ABSOLUTE');
  });

/** More than any tier allows: what is beyond it is refused before anything is read. */
const maxReminders = 20;
/** The reminders of a new task; null for none. */
export const newReminders = z
  .array(newReminder)
  .max(maxReminders, `must have at most ${maxReminders} reminders`)
  .nullable()
  .transform((reminders) => reminders ?? []);

/** @see newReminder */
export type GivenReminder = z.output<typeof newReminder>;

/** When a reminder of this type fires; null when it hangs on a due date that there is not. */
export function timeOf(type: ReminderType, offset: number | null, at: Date | null, dueDate: Date | null): Date | null {
  if (type === ReminderType.ABSOLUTE) return at;
  if (!dueDate) return null;
  const minutes = type === ReminderType.BEFORE ? -(offset ?? 0) : (offset ?? 0);
  return new Date(dueDate.getTime() + minutes * minuteMs);
}

/** Whether one that is to fire at a time, null for none, still can. */
export function stateFor(time: Date | null, now: Date): ReminderState {
  return time !== null && time > now ? ReminderState.SCHEDULED : ReminderState.CANCELLED;
}

/**
 * When a reminder that the user asks for fires. `path` leads to it in the input.
 * @throws VALIDATION_FAILED without a due date to hang on, and for a time that has passed
 */
export function futureTimeOf(given: GivenReminder, dueDate: Date | null, now: Date, path = ''): Date {
  const refuse = (broken: BrokenRule) => invalid([{ ...broken, field: `${path}${broken.field}` }]);
  const time = timeOf(given.type, given.offsetMinutes, given.at, dueDate);
  if (!time) throw refuse({ field: 'type', rule: 'needs a task with a due date' });
  if (time > now) return time;
  const field = given.type === ReminderType.ABSOLUTE ? 'at' : 'offsetMinutes';
  throw refuse({ field, rule: 'must lead to a time in the future' });
}

/** Whether a reminder has fired for the time that it has. */
export function hasFired({ state }: { readonly state: ReminderState }): boolean {
  return state === ReminderState.SENT || state === ReminderState.FAILED;
}
