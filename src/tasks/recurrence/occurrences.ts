import { type Day, type DayNumber, dayNumberOf } from './calendar.js';
import { impliedBy, startInStep, visitDays } from './dates.js';
import { localTimeOf, momentOf } from './local-time.js';
import { parseRule, type Rule } from './rule.js';

/** A rule in force. */
export interface Recurrence {
  /** Canonical RRULE text, without the prefix. */
  readonly rule: string;
  /** IANA time zone. */
  readonly timeZone: string;
  /** DTSTART: wall-clock time in the zone, `YYYY-MM-DDTHH:mm:ss`. */
  readonly startsAt: string;
  /** Days that it leaves out, and COUNT does not count, but for its beginning. */
  readonly takenDays?: readonly Day[];
}

/** One occurrence of a rule. */
export interface Occurrence {
  /** Its wall-clock time as the rule has it, also where daylight saving moves it: what tells occurrences apart. */
  readonly localTime: string;
  readonly at: Date;
}

/** Whether an occurrence is left out. */
type LeftOut = (localTime: string, at: Date) => boolean;

const dateLength = 'YYYY-MM-DD'.length;
const maxOccurrences = 100;

/** The first `count` (100 at most) occurrences at or after a moment; fewer when the rule ends. */
export function occurrencesFrom(recurrence: Recurrence, from: Date, count: number): Occurrence[] {
  return occurrencesAfter(recurrence, new Date(from.getTime() - 1), count);
}

/**
 * The first `count` (100 at most) occurrences after a moment, without those that are left out;
 * fewer when the rule ends.
 */
export function occurrencesAfter(
  recurrence: Recurrence,
  after: Date,
  count: number,
  isLeftOut: LeftOut = () => false,
): Occurrence[] {
  return occurrencesOf(parseRule(recurrence.rule, recurrence.timeZone), recurrence, after, count, isLeftOut);
}

/**
 * The first occurrence of the rule itself, which DTSTART need not be, and of which its COUNT counts: from a moment on,
 * without those at wall-clock times that are left out. Null when there is none.
 */
export function firstOfRule(
  recurrence: Recurrence,
  from: Date = momentOf(recurrence.startsAt, recurrence.timeZone),
  isLeftOut: LeftOut = () => false,
): Occurrence | null {
  const rule = { ...parseRule(recurrence.rule, recurrence.timeZone), count: null };
  const [first] = occurrencesOf(rule, recurrence, new Date(from.getTime() - 1), 1, isLeftOut);
  return first ?? null;
}

/**
 * The first occurrence of the rule itself from a moment on, its beginning disregarded where that lies ahead: in step
 * with it, and with what the rule takes from it, such as the weekday. Without those at wall-clock times that are left
 * out; null when there is none.
 */
export function firstInStep(recurrence: Recurrence, from: Date, isLeftOut: LeftOut): Occurrence | null {
  const { rule: text, timeZone, startsAt } = recurrence;
  const rule = { ...spelledOut(parseRule(text, timeZone), startsAt), count: null };
  const day = startInStep(rule, dayOfTime(startsAt), dayOfTime(localTimeOf(from, timeZone)));
  const begun = { ...recurrence, startsAt: `${day}T00:00:00` };
  return occurrencesOf(rule, begun, new Date(from.getTime() - 1), 1, isLeftOut)[0] ?? null;
}

/** A rule that says itself what it takes from its beginning (RFC 5545 section 3.3.10). */
function spelledOut(rule: Rule, startsAt: string): Rule {
  const { hours, minutes, seconds } = clockOf(rule, startsAt);
  const clock = { byHour: hours.map(Number), byMinute: minutes.map(Number), bySecond: seconds.map(Number) };
  return { ...rule, ...impliedBy(rule, dayNumberOf(dayOfTime(startsAt))), ...clock };
}

/** Whether a rule ends after so many occurrences. */
export function isCounted({ rule, timeZone }: Recurrence): boolean {
  return parseRule(rule, timeZone).count !== null;
}

/** The day of a wall-clock time. */
export function dayOfTime(localTime: string): Day {
  return localTime.slice(0, dateLength);
}

/** Whether a rule occurs before a moment: no day after it is looked at. */
export function occursBefore(recurrence: Recurrence, end: Date): boolean {
  const { rule, timeZone, startsAt } = recurrence;
  const after = new Date(momentOf(startsAt, timeZone).getTime() - 1);
  const lastDay = dayNumberOf(dayOfTime(localTimeOf(end, timeZone)));
  const [first] = occurrencesOf(
    { ...parseRule(rule, timeZone), count: null },
    recurrence,
    after,
    1,
    () => false,
    lastDay,
  );
  return first !== undefined && first.at <= end;
}

/** The canonical text of a rule that goes on where UNTIL would end it. */
export function withoutEnd(rule: string): string {
  return rule
    .split(';')
    .filter((part) => !part.startsWith('UNTIL='))
    .join(';');
}

/** The text of a rule whose COUNT leaves out what it counted before a wall-clock time; at least one is left. */
export function withRemainingCount(recurrence: Recurrence, localTime: string): string {
  const { count } = parseRule(recurrence.rule, recurrence.timeZone);
  if (count === null) return recurrence.rule;
  const left = Math.max(1, count - countedBefore(recurrence, localTime));
  return recurrence.rule.replace(/COUNT=\d+/, `COUNT=${left}`);
}

function countedBefore(recurrence: Recurrence, localTime: string): number {
  let after = new Date(momentOf(recurrence.startsAt, recurrence.timeZone).getTime() - 1);
  // DTSTART counts, whether or not it is one of the rule's.
  const isOffRule = firstOfRule(recurrence)?.localTime !== recurrence.startsAt;
  let counted = isOffRule && recurrence.startsAt < localTime ? 1 : 0;
  for (;;) {
    const batch = occurrencesAfter(recurrence, after, maxOccurrences);
    const before = batch.filter((each) => each.localTime < localTime);
    counted += before.length;
    const last = batch.at(-1);
    if (!last || before.length < batch.length) return counted;
    after = last.at;
  }
}

function occurrencesOf(
  rule: Rule,
  recurrence: Recurrence,
  after: Date,
  count: number,
  isLeftOut: LeftOut,
  lastDay?: DayNumber,
): Occurrence[] {
  const { startsAt, timeZone } = recurrence;
  const start = dayOfTime(startsAt);
  const takenDays = new Set(recurrence.takenDays);
  // A time before this one on the wall clock has passed, also where the clock was moved.
  const looked = dayOfTime(localTimeOf(after, timeZone));
  const times = timesOf(rule, startsAt);
  const wanted = Math.min(count, maxOccurrences);
  const found: Occurrence[] = [];
  let seen = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  const visitTime = (localTime: string): boolean => {
    if (localTime < startsAt) return true;
    // DTSTART counts as the first one, be it one of the rule's or not (RFC 5545 section 3.3.10).
    if (seen === 0 && localTime !== startsAt) seen = 1;
    if (localTime !== startsAt && takenDays.has(dayOfTime(localTime))) return true;
    const isPast = dayOfTime(localTime) < looked;
    if (isPast && rule.count === null) return true;
    const at = momentOf(localTime, timeZone);
    // Two times that were moved onto one moment fire once, and count once.
    if (at.getTime() <= lastMs) return true;
    lastMs = at.getTime();
    seen += 1;
    if (rule.count !== null && seen > rule.count) return false;
    if (isPast) return true;
    if (rule.until && at > rule.until) return false;
    if (at > after && !isLeftOut(localTime, at)) found.push({ localTime, at });
    return found.length < wanted;
  };
  visitDays(rule, start, looked, (day: Day) => times.every((time) => visitTime(`${day}T${time}`)), lastDay);
  return found;
}

/** The times of day of a rule, `HH:mm:ss`, in order. */
export function timesOf(rule: Rule, startsAt: string): string[] {
  const { hours, minutes, seconds } = clockOf(rule, startsAt);
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => `${h}:${m}:${s}`))).sort();
}

/** The hours, minutes and seconds of a rule, two digits each; what it does not say it takes from its beginning. */
function clockOf({ byHour, byMinute, bySecond }: Rule, startsAt: string) {
  const [hour = '00', minute = '00', second = '00'] = startsAt.slice(dateLength + 1).split(':');
  const spelled = (list: readonly number[], otherwise: string) =>
    list.length > 0 ? list.map((value) => String(value).padStart(2, '0')) : [otherwise];
  return { hours: spelled(byHour, hour), minutes: spelled(byMinute, minute), seconds: spelled(bySecond, second) };
}
