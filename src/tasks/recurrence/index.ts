export { localTimeOf, momentOf, startOfDay } from './local-time.js';
export type { Occurrence, Recurrence } from './occurrences.js';
export {
  dayOfTime,
  firstInStep,
  firstOfRule,
  isCounted,
  occurrencesAfter,
  occurrencesFrom,
  withoutCounted,
} from './occurrences.js';
export type { GivenRule } from './parse-recurrence.js';
export { begunByRule, begunEarly, canonicalRule, parseRecurrence, parseRecurrenceSoon } from './parse-recurrence.js';
export { isSameRule } from './rule.js';
export { ruleText } from './rule-text.js';
