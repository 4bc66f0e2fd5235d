import { z } from 'zod';
import { readMe } from '../../auth/index.js';
import type { Context } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { field, parse } from '../../kernel/input.js';
import {
  occurrencesFrom,
  parseRecurrence,
  parseRecurrenceFromNow,
  ruleText,
  startAtFirstOccurrence,
} from '../recurrence/index.js';
import { dueDate } from '../task-input.js';
import type { TemplateRow } from './template-rows.js';

/** Dates that a preview shows. */
const previewed = 5;

const Input = z.strictObject({
  rule: z.string(),
  timeZone: field.timeZone.nullable().default(null),
  from: dueDate.default(null),
});

export const previewRecurrenceErrors: DeclaredErrors = { VALIDATION_FAILED: 'also a rule, with the reason' };

/** A rule in words, and its first dates. */
export interface RecurrencePreview {
  readonly text: string;
  readonly occurrences: readonly Date[];
}

/** What a rule comes to if it began at `from` (else now), in the user's time zone unless another is given. */
export async function previewRecurrence(ctx: Context, input: unknown): Promise<RecurrencePreview> {
  const given = parse(Input, input);
  const rule = { rule: given.rule, timeZone: given.timeZone ?? (await readMe(ctx)).timeZone };
  const start = given.from ? wholeSeconds(given.from) : ctx.clock.now();
  const recurrence = given.from
    ? startAtFirstOccurrence(parseRecurrence(rule, start))
    : parseRecurrenceFromNow(rule, start);
  const occurrences = occurrencesFrom(recurrence, start, previewed);
  return { text: ruleText(recurrence), occurrences: occurrences.map(({ at }) => at) };
}

/** Rules know no smaller unit. */
function wholeSeconds(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1_000) * 1_000);
}

/** A template's rule in words. */
export function templateRuleText(template: TemplateRow): string {
  return ruleText(template);
}
