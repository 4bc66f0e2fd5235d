import { invalid } from '../../errors.js';
import { isTimeZone, localTimeOf, momentOf } from './local-time.js';
import { firstOfRule, type Recurrence } from './occurrences.js';
import { canonicalText, parseRule, RuleError } from './rule.js';

/** Years from its beginning within which a rule must occur. */
const withinYears = 10;
/** A wall-clock time as it is kept; years beyond 9999 are spelled otherwise. */
const isLocalTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

interface GivenRule {
  readonly rule: string;
  readonly timeZone: string;
}

/**
 * A rule that begins at a moment, which counts as its first occurrence. `path` leads to its fields in the input.
 * @throws VALIDATION_FAILED with the reason, also for a rule that does not occur within 10 years
 */
export function parseRecurrence(given: GivenRule, start: Date, path = ''): Recurrence {
  if (!isTimeZone(given.timeZone)) throw invalid([{ field: `${path}timeZone`, rule: 'must be an IANA time zone' }]);
  return recurrenceFrom(given, localTimeOf(start, given.timeZone), path);
}

/** The same for a rule that begins at a wall-clock time, `YYYY-MM-DDTHH:mm:ss`. @throws VALIDATION_FAILED */
export function recurrenceFrom({ rule: text, timeZone }: GivenRule, startsAt: string, path = ''): Recurrence {
  try {
    const rule = canonicalText(text, parseRule(text, timeZone));
    if (!isLocalTime.test(startsAt)) throw new RuleError('begins after the year 9999');
    const recurrence = { rule, timeZone, startsAt };
    const start = momentOf(startsAt, timeZone);
    const first = firstOfRule(recurrence);
    const latest = new Date(start);
    latest.setUTCFullYear(latest.getUTCFullYear() + withinYears);
    if (!first || first.at > latest) throw new RuleError(`does not occur within ${withinYears} years`);
    return recurrence;
  } catch (error) {
    if (error instanceof RuleError) throw invalid([{ field: `${path}rule`, rule: error.message }]);
    throw error;
  }
}

/** The same rule, begun at its own first occurrence: where nothing was to happen at the moment that it was given. */
export function begunByRule(recurrence: Recurrence): Recurrence {
  return { ...recurrence, startsAt: firstOfRule(recurrence)?.localTime ?? recurrence.startsAt };
}
