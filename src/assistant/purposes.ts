import type { Purpose } from '../llm/index.js';
import { chatAnswer } from './answer.js';
import { conversionSuggestion } from './suggestions/suggest-conversion.js';
import { subtaskSuggestion } from './suggestions/suggest-subtasks.js';
import { purposeOf } from './suggestions/suggestion-kind.js';

/** What the assistant asks models for, for the sweeper of runs whose process died. */
export const assistantPurposes: readonly Purpose[] = [
  chatAnswer,
  purposeOf(subtaskSuggestion),
  purposeOf(conversionSuggestion),
];
