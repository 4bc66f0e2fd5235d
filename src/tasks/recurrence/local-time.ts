import { Temporal } from 'temporal-polyfill';

/** Wall-clock text of a moment in a zone, whole seconds: `YYYY-MM-DDTHH:mm:ss`. */
export function localTimeOf(moment: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second', roundingMode: 'floor' });
}

/**
 * The moment at which a zone's wall clock shows a time. Where daylight saving skips it, the first valid moment after
 * it; where the clock shows it twice, the first time.
 */
export function momentOf(localTime: string, timeZone: string): Date {
  const wanted = Temporal.PlainDateTime.from(localTime);
  const found = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (found.toPlainDateTime().equals(wanted)) return new Date(found.epochMilliseconds);
  // The clock was moved over it: `earlier` is as far before the jump as the time lies behind it.
  const jump = found.getTimeZoneTransition('next');
  if (!jump) throw new Error(`${timeZone} skips ${localTime}, but does not say when.`);
  return new Date(jump.epochMilliseconds);
}

/** When the calendar day of a moment began in a zone. */
export function startOfDay(moment: Date, timeZone: string): Date {
  return momentOf(`${localTimeOf(moment, timeZone).slice(0, 'YYYY-MM-DD'.length)}T00:00:00`, timeZone);
}

/** The last second of a calendar day, `YYYY-MM-DD`, in a zone: days are as long as daylight saving makes them. */
export function endOfDay(day: string, timeZone: string): Date {
  const next = Temporal.PlainDate.from(day).add({ days: 1 });
  if (next.year > 9_999) return momentOf(`${day}T23:59:59`, timeZone);
  return new Date(momentOf(`${next.toString()}T00:00:00`, timeZone).getTime() - 1_000);
}

/** The next full minute or hour of a wall clock; a full one stays. */
export function roundedUp(localTime: string, smallestUnit: 'minute' | 'hour'): string {
  return Temporal.PlainDateTime.from(localTime)
    .round({ smallestUnit, roundingMode: 'ceil' })
    .toString({ smallestUnit: 'second' });
}

/** Whether a time zone is known here. */
export function isTimeZone(name: string): boolean {
  try {
    return Temporal.PlainDate.from('2000-01-01').toZonedDateTime(name) !== null;
  } catch {
    return false;
  }
}
