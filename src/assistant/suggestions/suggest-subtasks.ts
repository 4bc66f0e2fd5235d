import { z } from 'zod';
import { AiActionKind } from '../../../entities/assistant/action.js';
import { RunPurpose } from '../../../entities/llm/run.js';
import { requireMayErrors } from '../../accounts/index.js';
import { type Context, requireAccount } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { field, jsonSchemaOf, parse, parseErrors } from '../../kernel/input.js';
import { counted, mendedLine } from '../../kernel/text.js';
import { describeTask, maxSubtaskTitleLength, subtaskRoom } from '../../tasks/index.js';
import type { DecidedAction } from '../actions/decide-action.js';
import { requestSuggestion, requestSuggestionErrors } from './request-suggestion.js';
import { type SuggestionKind, suggestionRules } from './suggestion-kind.js';

const Answer = z.object({
  subtasks: z.array(
    z.object({
      title: z.string().describe('One step, in the imperative, 1 to 75 characters.'),
      estimatedMinutes: z.number().nullable().describe('How long the step takes, whole minutes from 1 to 720.'),
    }),
  ),
});

/** The same as models say it that keep to no schema: a step may be its title alone. */
const Said = z.object({
  subtasks: z.array(
    z.union([
      z.object({ title: z.string(), estimatedMinutes: field.estimatedMinutes.nullish().catch(null) }),
      z.string().transform((title) => ({ title, estimatedMinutes: null })),
    ]),
  ),
});

/** Steps of a task, as many as there is room for. */
export const subtaskSuggestion: SuggestionKind = {
  kind: AiActionKind.ADD_SUBTASKS,
  purpose: RunPurpose.SUBTASKS,
  reason: 'Subtask generation',
  isAboutTask: true,
  shape: { name: 'subtasks', schema: jsonSchemaOf(Answer) },
  leastProposal: (taskId) => ({ taskId, subtasks: [{ title: 'A step' }] }),
  buildPrompt: async (ctx, taskId) => {
    const [task, room] = await Promise.all([describeTask(ctx, requireAccount(ctx), taskId), subtaskRoom(ctx, taskId)]);
    const asked = `Break the task below down into steps that can each be done in one go and that it does not have yet, in
the order in which they are done: ${counted(room, 'step')} at most, fewer where fewer do.`;
    return [
      { role: 'system', content: `${asked}\n\n${suggestionRules}` },
      { role: 'user', content: `The task: ${task ?? 'It was deleted.'}` },
    ];
  },
  proposalFrom: async (tx, taskId, value) => {
    const steps = parse(Said, value).subtasks.flatMap(({ title, estimatedMinutes }) => {
      const mended = mendedLine(title, maxSubtaskTitleLength);
      return mended === '' ? [] : [{ title: mended, estimatedMinutes: estimatedMinutes ?? null }];
    });
    if (steps.length === 0) throw new AppError('AI_SERVICE_UNAVAILABLE', 'The model proposed no step.');
    return { taskId, subtasks: steps.slice(0, await subtaskRoom(tx, taskId)) };
  },
};

const Input = z.strictObject({ taskId: field.id });

export const generateSubtasksErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  ...requestSuggestionErrors,
  CONFLICT: 'a completed task: `currentVersion`',
  LIMIT_REACHED: '`subtasksPerTask`',
  CREDIT_LIMIT_REACHED: '',
};

/** Has a model propose steps of a task. */
export async function generateSubtasks(ctx: Context, input: unknown): Promise<DecidedAction> {
  const { taskId } = parse(Input, input);
  return requestSuggestion(ctx, subtaskSuggestion, taskId);
}
