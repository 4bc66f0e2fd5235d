import { z } from 'zod';
import { Source } from '../../../entities/activity/event.js';
import { AiActionState } from '../../../entities/assistant/action.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { type Achievement, unlockedIn } from '../../achievements/index.js';
import { record } from '../../activity/index.js';
import { readCredits } from '../../billing/index.js';
import { actionConfirmed, actionRejected, actionUndone } from '../../events/assistant.js';
import { type ActionKind, type Context, runStatement, sendStatement, type Tx } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { field, parse, parseErrors } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import type { RequestsOnTask } from '../requests-on-task.js';
import { actionKindOf } from './action-kinds.js';
import { type ActionRow, undoDays, unsafeActionsById } from './action-rows.js';
import { followSiblings } from './follow-siblings.js';
import { summaryOf } from './keep-proposal.js';

/** A proposal, and what asking for it, or deciding it, has brought. */
export interface DecidedAction extends RequestsOnTask {
  readonly action: ActionRow;
  readonly creditsRemaining: number;
  readonly unlockedAchievements: readonly Achievement[];
}

/** Kept as it came: the kind of action knows its fields, and refuses all others, whatever they are called. */
const Edits = z.custom<Readonly<Record<string, unknown>>>(
  (given) => typeof given === 'object' && given !== null && !Array.isArray(given),
  'must be an object',
);
const Confirmation = z.strictObject({ id: field.id, edits: Edits.nullish() });

export const confirmActionErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  VALIDATION_FAILED: 'also of the proposal with its edits',
  CONFLICT:
    'a proposal that was decided, or has expired: `state`; one whose task (`currentVersion`) or note has changed since; or what the mutation for it refuses',
  LIMIT_REACHED: 'as the mutation for it says',
};

/**
 * Does what was proposed, once, through the use case of the user's own mutation; `edits` replaces fields of the proposal.
 * What cannot be done stays proposed.
 */
export async function confirmAction(ctx: Context, input: unknown): Promise<DecidedAction> {
  const { id, edits } = parse(Confirmation, input);
  return transaction(ctx, async (tx) => {
    const before = tx.unit.head;
    const action = await loadPending(tx, id);
    const kind = actionKindOf(tx, action.kind);
    const proposal = kind.read({ ...action.proposal, ...edits });
    const summary = await requireUnchanged(tx, kind, action, proposal);
    const follow = await followSiblings(tx, action);
    const { result, undo } = await kind.execute({ ...tx, source: Source.AI }, proposal);
    await tx.flush();
    await follow();
    await sendStatement(
      tx,
      `update assistant.action set state = $3, proposal = $4, result_type = $5, result_id = $6, undo = $7, decided_at = $8,
         summary = $9
       where account_id = $1 and id = $2`,
      [
        ...[action.accountId, id, AiActionState.CONFIRMED, JSON.stringify(proposal), result.type, result.id],
        ...[JSON.stringify(undo), tx.clock.now(), summaryOf(summary)],
      ],
    );
    await record(tx, actionConfirmed(id, { resultType: result.type, resultId: result.id }));
    return decided(tx, id, before);
  });
}

/**
 * Of another version of its target, and of another target, the proposal says nothing. Answers what is done, with the edits.
 * @throws CONFLICT
 */
async function requireUnchanged(tx: Tx, kind: ActionKind, action: ActionRow, proposal: object): Promise<string> {
  const { target, summary } = await kind.prepare(tx, proposal);
  if (target?.id !== (action.targetId ?? undefined))
    throw new AppError('CONFLICT', 'The proposal is about something else.', { state: action.state });
  if (!target || kind.isSame(action.targetMark ?? '', target.mark)) return summary;
  const details = target.version === null ? {} : { currentVersion: target.version };
  throw new AppError('CONFLICT', 'It has changed since this was proposed: have it proposed anew.', details);
}

const Naming = z.strictObject({ id: field.id });

export const rejectActionErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: 'a proposal that was decided, or has expired: `state`',
};

/** Says that a proposal is not wanted: nothing of it is ever done. */
export async function rejectAction(ctx: Context, input: unknown): Promise<DecidedAction> {
  const { id } = parse(Naming, input);
  return transaction(ctx, async (tx) => {
    const action = await loadPending(tx, id);
    await sendStatement(
      tx,
      'update assistant.action set state = $3, decided_at = $4 where account_id = $1 and id = $2',
      [action.accountId, id, AiActionState.REJECTED, tx.clock.now()],
    );
    await record(tx, actionRejected(id, {}));
    return decided(tx, id, tx.unit.head);
  });
}

export const undoActionErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  CONFLICT: `a proposal that was not confirmed, or more than ${undoDays} days ago: \`state\`; what its user has changed since: \`fields\``,
};

const late = `It can be taken back for ${undoDays} days only.`;

/** Takes back what a confirmed proposal has done, and nothing that its user did since. */
export async function undoAction(ctx: Context, input: unknown): Promise<DecidedAction> {
  const { id } = parse(Naming, input);
  return transaction(ctx, async (tx) => {
    const action = await loadAction(tx, id);
    const isLate = new Date(action.decidedAt ?? 0).getTime() <= tx.clock.now().getTime() - undoDays * dayMs;
    if (action.state !== AiActionState.CONFIRMED) throw notIn(action, 'Only what was confirmed can be taken back.');
    if (isLate) throw notIn(action, late);
    const [kept] = await runStatement<{ undo: object | null }>(
      tx,
      'select undo from assistant.action where account_id = $1 and id = $2',
      [action.accountId, id],
    );
    if (!kept?.undo) throw notIn(action, late);
    const follow = await followSiblings(tx, action);
    await actionKindOf(tx, action.kind).undo({ ...tx, source: Source.AI }, kept.undo);
    await tx.flush();
    await follow();
    await sendStatement(tx, 'update assistant.action set state = $3, undo = null where account_id = $1 and id = $2', [
      ...[action.accountId, id, AiActionState.UNDONE],
    ]);
    await record(tx, actionUndone(id, {}));
    return decided(tx, id, tx.unit.head);
  });
}

async function loadAction(tx: Tx, id: string): Promise<ActionRow> {
  const [action] = await unsafeActionsById(tx, [id]);
  return requireMay(tx, 'write action', action);
}

async function loadPending(tx: Tx, id: string): Promise<ActionRow> {
  const action = await loadAction(tx, id);
  if (action.state === AiActionState.PENDING) return action;
  throw notIn(
    action,
    action.state === AiActionState.EXPIRED
      ? 'The proposal has expired: have it proposed anew.'
      : 'It was decided already.',
  );
}

function notIn({ state }: ActionRow, message: string): AppError {
  return new AppError('CONFLICT', message, { state });
}

async function decided(tx: Tx, id: string, before: number): Promise<DecidedAction> {
  await tx.flush();
  const [action, { total }] = [await loadAction(tx, id), await readCredits(tx)];
  const unlockedAchievements = unlockedIn(tx, before);
  return { action, creditsRemaining: total, unlockedAchievements, requestsOnTask: null, warning: null };
}
