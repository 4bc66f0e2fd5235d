import { type AppError, invalid } from '../../kernel/errors.js';
import { isTimeZone, localTimeOf, momentOf, roundedUp } from './local-time.js';
import { firstOfRule, occursBefore, type Recurrence, withoutEnd } from './occurrences.js';
import { canonicalText, parseRule, RuleError } from './rule.js';

/** Years from its beginning within which a rule must occur. */
const withinYears = 10;

/** A rule as clients give it, in an IANA time zone. */
export interface GivenRule {
  readonly rule: string;
  readonly timeZone: string;
}

/** A rule as it is kept, whatever its spelling. @throws VALIDATION_FAILED with the reason */
export function canonicalRule({ rule, timeZone }: GivenRule, path: string): string {
  try {
    return canonicalText(rule, parseRule(rule, timeZone));
  } catch (error) {
    if (error instanceof RuleError) throw refused(path, error.message);
    throw error;
  }
}

/**
 * A rule that begins at a moment, which counts as its first occurrence. `path` leads to its fields in the input.
 * @throws VALIDATION_FAILED with the reason, also for a rule that does not occur within 10 years, or ends before it does
 */
export function parseRecurrence(given: GivenRule, start: Date, path = ''): Recurrence {
  if (!isTimeZone(given.timeZone)) throw invalid([{ field: `${path}timeZone`, rule: 'must be an IANA time zone' }]);
  return recurrenceFrom(given, localTimeOf(start, given.timeZone), path);
}

/** The same for a rule that begins at a wall-clock time, `YYYY-MM-DDTHH:mm:ss`. @throws VALIDATION_FAILED */
function recurrenceFrom({ rule: text, timeZone }: GivenRule, startsAt: string, path = ''): Recurrence {
  const rule = canonicalRule({ rule: text, timeZone }, path);
  const recurrence = { rule, timeZone, startsAt };
  const latest = momentOf(startsAt, timeZone);
  latest.setUTCFullYear(latest.getUTCFullYear() + withinYears);
  if (occursBefore(recurrence, latest)) return recurrence;
  const isCut = occursBefore({ ...recurrence, rule: withoutEnd(rule) }, latest);
  throw refused(path, isCut ? 'UNTIL is before the first date' : `does not occur within ${withinYears} years`);
}

function refused(path: string, reason: string): AppError {
  return invalid([{ field: `${path}rule`, rule: reason }]);
}

/** The same rule, begun at its own first occurrence: where nothing was to happen at the moment that it was given. */
export function startAtFirstOccurrence(recurrence: Recurrence): Recurrence {
  return { ...recurrence, startsAt: firstOfRule(recurrence)?.localTime ?? recurrence.startsAt };
}

/**
 * A rule that begins where nobody chose to: at its first occurrence from the next full minute on, or the next full hour
 * for a rule that names hours and no minutes, which it would take from its beginning (RFC 5545 section 3.3.10).
 * @throws VALIDATION_FAILED with the reason
 */
export function parseRecurrenceFromNow(given: GivenRule, now: Date, path = ''): Recurrence {
  const { byHour, byMinute } = parseRule(canonicalRule(given, path), given.timeZone);
  const unit = byHour.length > 0 && byMinute.length === 0 ? 'hour' : 'minute';
  const recurrence = recurrenceFrom(given, roundedUp(localTimeOf(nextSecond(now), given.timeZone), unit), path);
  // Where the clock shows the hour twice, the first of the two may have passed.
  const first = firstOfRule(recurrence, now);
  return first ? { ...recurrence, startsAt: first.localTime } : startAtFirstOccurrence(recurrence);
}

function nextSecond(moment: Date): Date {
  return new Date(Math.ceil(moment.getTime() / 1_000) * 1_000);
}

/** The same rule, begun on the same day as early as the rule can mean: its own hours and minutes go before the beginning's. */
export function startAtEarliestTime(recurrence: Recurrence): Recurrence {
  const { byHour, byMinute, bySecond } = parseRule(recurrence.rule, recurrence.timeZone);
  const [day = '', time = ''] = recurrence.startsAt.split('T');
  const lists = [byHour, byMinute, bySecond];
  const early = time.split(':').map((part, place) => ((lists[place] ?? []).length > 0 ? '00' : part));
  return { ...recurrence, startsAt: `${day}T${early.join(':')}` };
}
