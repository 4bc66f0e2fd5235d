export { localTimeOf } from './local-time.js';
export type { Occurrence, Recurrence } from './occurrences.js';
export { occurrencesAfter, occurrencesFrom } from './occurrences.js';
export { parseRecurrence, recurrenceFrom } from './parse-recurrence.js';
export { ruleText } from './rule-text.js';
