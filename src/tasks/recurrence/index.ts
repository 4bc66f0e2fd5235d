export { localTimeOf, momentOf, startOfDay } from './local-time.js';
export type { Occurrence, Recurrence } from './occurrences.js';
export {
  dayOfTime,
  firstInStep,
  firstOfRule,
  isCounted,
  occurrencesAfter,
  occurrencesFrom,
  withRemainingCount,
} from './occurrences.js';
export type { GivenRule } from './parse-recurrence.js';
export {
  canonicalRule,
  parseRecurrence,
  parseRecurrenceFromNow,
  startAtEarliestTime,
  startAtFirstOccurrence,
} from './parse-recurrence.js';
export { isSameRule } from './rule.js';
export { ruleText } from './rule-text.js';
