export { localTimeOf, momentOf } from './local-time.js';
export type { Occurrence, Recurrence } from './occurrences.js';
export { firstOfRule, occurrencesAfter, occurrencesFrom } from './occurrences.js';
export type { GivenRule } from './parse-recurrence.js';
export { begunByRule, begunEarly, canonicalRule, parseRecurrence, parseRecurrenceSoon } from './parse-recurrence.js';
export { ruleText } from './rule-text.js';
