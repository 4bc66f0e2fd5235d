export { localTimeOf } from './local-time.js';
export type { Occurrence, Recurrence } from './occurrences.js';
export { firstOfRule, occurrencesAfter, occurrencesFrom } from './occurrences.js';
export { begunByRule, parseRecurrence, recurrenceFrom } from './parse-recurrence.js';
export { ruleText } from './rule-text.js';
