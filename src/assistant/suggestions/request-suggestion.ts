import { record } from '../../activity/index.js';
import { readCredits } from '../../billing/index.js';
import { suggestionRequested } from '../../events/assistant.js';
import { AnswersLater, type Context, newId, requireAccount, requirePerson, type Tx } from '../../kernel/context.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { transaction } from '../../kernel/transaction.js';
import { RunReader, startRun } from '../../llm/index.js';
import { actionKindOf, tryOut } from '../actions/action-kinds.js';
import { readAction } from '../actions/action-rows.js';
import type { DecidedAction } from '../actions/decide-action.js';
import { countRequestOnTask, warningAfter } from '../requests-on-task.js';
import { purposeOf, type SuggestionKind, suggestionPrice } from './suggestion-kind.js';
import { insertSuggestion, readSuggestion } from './suggestion-rows.js';

/** What asking for a suggestion is refused with, beside what would refuse any proposal. */
export const requestSuggestionErrors: DeclaredErrors = {
  INSUFFICIENT_CREDITS: '',
  RATE_LIMITED: '',
  AI_SERVICE_UNAVAILABLE: 'the model failed, or proposed nothing usable: it cost nothing',
};

/**
 * Has a model propose something about a thing of the caller's: holds a credit, and once that is committed asks, whether or
 * not anyone waits. The second execution of the operation finds what came of it.
 * @throws AnswersLater until it has ended
 */
export async function requestSuggestion(
  ctx: Context,
  suggestion: SuggestionKind,
  subjectId: string,
): Promise<DecidedAction> {
  const runId = ctx.begun ?? (await begin(ctx, suggestion, subjectId));
  const { endedAt, actionId, requestsOnTask } = await readSuggestion(ctx, runId);
  if (endedAt === null) throw answerLater(ctx, runId);
  if (actionId === null) {
    // Of what was deleted meanwhile a model proposes nothing usable.
    await transaction(ctx, (tx) => requireProposable(tx, suggestion, subjectId));
    throw new AppError(
      'AI_SERVICE_UNAVAILABLE',
      'The assistant could not propose anything usable. It cost nothing; try again.',
    );
  }
  const [action, { total }] = await Promise.all([readAction(ctx, actionId), readCredits(ctx)]);
  return {
    action,
    creditsRemaining: total,
    requestsOnTask,
    warning: requestsOnTask === null ? null : warningAfter(requestsOnTask),
    unlockedAchievements: [],
  };
}

async function begin(ctx: Context, suggestion: SuggestionKind, subjectId: string): Promise<string> {
  const { kind, reason, isAboutTask } = suggestion;
  await ctx.services.aiRateLimit.take(requirePerson(ctx).id);
  return transaction(ctx, async (tx) => {
    await requireProposable(tx, suggestion, subjectId);
    const { requestsOnTask } = await countRequestOnTask(tx, isAboutTask ? subjectId : null);
    const hold = { amount: suggestionPrice, key: `suggestion:${newId(tx.clock)}`, reason };
    const { run } = await startRun(tx, purposeOf(suggestion), hold);
    await insertSuggestion(tx, { runId: run.id, kind, subjectId, requestsOnTask });
    await record(tx, suggestionRequested(run.id, { kind, subjectId }));
    return run.id;
  });
}

/** @throws what would refuse any proposal, such as NOT_FOUND */
function requireProposable(tx: Tx, { kind, leastProposal }: SuggestionKind, subjectId: string) {
  return tryOut(tx, actionKindOf(tx, kind), leastProposal(subjectId));
}

function answerLater(ctx: Context, runId: string): Error {
  // Nobody reads what would be answered.
  if (ctx.signal.aborted)
    return new AppError('UNAVAILABLE', 'The request was given up. What was proposed is with its task or note.');
  return new AnswersLater(runId, async () => {
    const reader = new RunReader(ctx, { id: runId, accountId: requireAccount(ctx) }, 0);
    try {
      while (await reader.next());
    } finally {
      reader.close();
    }
  });
}
