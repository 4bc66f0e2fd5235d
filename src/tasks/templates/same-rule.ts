import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import {
  canonicalRule,
  type GivenRule,
  isSameRule,
  localTimeOf,
  momentOf,
  occurrencesFrom,
  type Recurrence,
} from '../recurrence/index.js';

/** A rule of a series, with its number among those that the series has had. */
export type SeriesRule = Pick<TaskTemplate, 'rule' | 'timeZone' | 'startsAt' | 'takenDays' | 'ruleNumber'>;

/** An occurrence of a series that has become a task. */
export interface MadeOccurrence {
  /** Which rule of the series made it. */
  readonly ruleNumber: number;
  readonly localTime: string;
  /** The due date that it gave its task. */
  readonly dueDate: Date;
}

/** Whether a series has a rule already, however that is spelled. @throws VALIDATION_FAILED with the reason */
export function isRuleOf(series: Recurrence, given: GivenRule, path: string): boolean {
  return given.timeZone === series.timeZone && ownRule(series, given, path) !== null;
}

/**
 * The rule of a series as it goes on when it is given again; null for another one. In another time zone it may end by
 * the same wall clock: an UNTIL without a zone is read in the one that it is given with.
 * @throws VALIDATION_FAILED with the reason
 */
export function ownRule(series: Recurrence, given: GivenRule, path: string): string | null {
  const { rule, timeZone } = series;
  const canonical = canonicalRule(given, path);
  if (isSameRule(canonical, rule, given.timeZone)) return rule;
  const before = canonicalRule({ ...given, timeZone }, path);
  return isSameRule(before, rule, timeZone) ? canonical : null;
}

/** Whether a task is where its series has it: due on one of its dates, or moved from one of them by hand. */
export function isInPlace(series: SeriesRule, dueDate: Date | null, occurrence: MadeOccurrence | null): boolean {
  if (!dueDate) return false;
  if (occurrence?.ruleNumber !== series.ruleNumber) return hasDate(series, localTimeOf(dueDate, series.timeZone));
  return isMovedByHand(dueDate, occurrence) || isShownAt(series.timeZone, occurrence);
}

/** Whether a task is due at another moment than its occurrence gave it. */
export function isMovedByHand(dueDate: Date, occurrence: MadeOccurrence): boolean {
  return dueDate.getTime() !== occurrence.dueDate.getTime();
}

/** Whether an occurrence is there in a time zone, too; at a time that its clock skips it is where that goes on. */
function isShownAt(timeZone: string, { localTime, dueDate }: MadeOccurrence): boolean {
  if (localTimeOf(dueDate, timeZone) === localTime) return true;
  return momentOf(localTime, timeZone).getTime() === dueDate.getTime();
}

/** The beginning of a series is a date of it, also where the rule alone has none. */
function hasDate({ rule, timeZone, startsAt }: Recurrence, localTime: string): boolean {
  if (localTime === startsAt) return true;
  return occurrencesFrom({ rule, timeZone, startsAt }, momentOf(localTime, timeZone), 1)[0]?.localTime === localTime;
}
