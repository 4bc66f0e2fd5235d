import { z } from 'zod';
import { AiActionKind } from '../../../entities/assistant/action.js';
import { RunPurpose } from '../../../entities/llm/run.js';
import { Priority } from '../../../entities/tasks/priority.js';
import { limitsOfPlan, requireMayErrors } from '../../accounts/index.js';
import { type Context, load } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { field, jsonSchemaOf, parse, parseErrors } from '../../kernel/input.js';
import { beginningOf, mendedLine, mendedParagraphs } from '../../kernel/text.js';
import { unsafeNotesById } from '../../notes/index.js';
import { isPossibleDueDate, maxTitleLength } from '../../tasks/index.js';
import type { DecidedAction } from '../actions/decide-action.js';
import { requestSuggestion, requestSuggestionErrors } from './request-suggestion.js';
import { type SuggestionKind, suggestionRules } from './suggestion-kind.js';

const Answer = z.object({
  title: z.string().describe('What is to be done, 1 to 200 characters.'),
  description: z.string().nullable().describe('What the note says beyond the title; null where that is nothing.'),
  priority: z.enum(Priority).nullable(),
  dueDate: z.string().nullable().describe('When the note says that it is due, RFC 3339, within 30 days; null else.'),
});

/** The same as models say it that keep to no schema: only the title has to be there. */
const Said = z.object({
  title: z.string(),
  description: z.string().nullish().catch(null),
  priority: z.enum(Priority).nullish().catch(null),
  dueDate: z.iso.datetime({ offset: true }).nullish().catch(null),
});

/** The task that a note describes. */
export const conversionSuggestion: SuggestionKind = {
  kind: AiActionKind.CONVERT_NOTE,
  purpose: RunPurpose.NOTE_CONVERSION,
  reason: 'Note conversion',
  isAboutTask: false,
  shape: { name: 'task', schema: jsonSchemaOf(Answer) },
  leastProposal: (noteId) => ({ noteId, title: 'A task' }),
  buildPrompt: async (ctx, noteId) => {
    const note = await load(ctx, unsafeNotesById, noteId);
    const asked = `Turn the note below into one task of the user's task manager. Now it is ${ctx.clock.now().toISOString()}.`;
    return [
      { role: 'system', content: `${asked}\n\n${suggestionRules}` },
      { role: 'user', content: `The note:\n${note?.content ?? 'It was deleted.'}` },
    ];
  },
  proposalFrom: async (tx, noteId, value) => {
    const { title, description, priority, dueDate } = parse(Said, value);
    const due = new Date(dueDate ?? Number.NaN);
    return {
      noteId,
      title: mendedLine(title, maxTitleLength),
      description: beginningOf(
        mendedParagraphs(description ?? ''),
        limitsOfPlan(tx.unit.account.plan).descriptionLength,
      ),
      priority: priority ?? Priority.MEDIUM,
      dueDate: isPossibleDueDate(due, tx.clock.now()) ? due.toISOString() : null,
    };
  },
};

const Input = z.strictObject({ id: field.id });

export const convertNoteErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  ...requestSuggestionErrors,
  CONFLICT: 'a note that was converted already',
  LIMIT_REACHED: '`tasks`',
};

/** Has a model propose the task that a note describes. */
export async function convertNote(ctx: Context, input: unknown): Promise<DecidedAction> {
  const { id } = parse(Input, input);
  return requestSuggestion(ctx, conversionSuggestion, id);
}
