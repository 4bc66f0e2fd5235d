import { Action, AiActionState } from '../../../entities/assistant/action.js';
import { requireMay, requireMayErrors } from '../../accounts/index.js';
import { type Context, load, requireAccount, runStatement } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { parseErrors, parseId } from '../../kernel/input.js';
import { groupedBy, type RowIn, rowsWithout } from '../../kernel/rows.js';

const actionRows = rowsWithout(Action, ['call', 'undo']);

/** A proposal as reads see it. */
export type ActionRow = RowIn<typeof actionRows>;

/** Days for which what was confirmed can be taken back. */
export const undoDays = 30;

/** One whose time is over has expired, also before the job says so. */
function asOf(now: Date, row: ActionRow): ActionRow {
  const isOver = row.state === AiActionState.PENDING && new Date(row.expiresAt) <= now;
  return isOver ? { ...row, state: AiActionState.EXPIRED } : row;
}

async function read(ctx: Context, where: string, values: readonly unknown[]): Promise<ActionRow[]> {
  const text = `select ${actionRows.columns} from assistant.action where ${where} order by id`;
  const rows = await runStatement<ActionRow>(ctx, text, values);
  return rows.map((row) => asOf(ctx.clock.now(), row));
}

/** Proposals by id; null where there is none. Whose they are is for the caller to check. */
export async function unsafeActionsById(ctx: Context, ids: readonly string[]): Promise<(ActionRow | null)[]> {
  const rows = await read(ctx, 'id = any($1::uuid[])', [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** The proposals of messages that are the caller's already, in their order. */
export async function actionsOfMessages(ctx: Context, messageIds: readonly string[]): Promise<ActionRow[][]> {
  const rows = await read(ctx, 'account_id = $1 and message_id = any($2::uuid[])', [requireAccount(ctx), messageIds]);
  return groupedBy(messageIds, rows, ({ messageId }) => messageId ?? '');
}

/** Proposals about a task or a note that are listed, the newest. */
const maxOfTarget = 20;

/** The newest proposals about tasks or notes that are the caller's already, oldest first. */
export async function actionsOfTargets(ctx: Context, targetIds: readonly string[]): Promise<ActionRow[][]> {
  const rows = await read(
    ctx,
    `account_id = $1 and id in (
       select newest.id from unnest($2::uuid[]) as target (id), lateral (
         select id from assistant.action where account_id = $1 and target_id = target.id order by id desc limit ${maxOfTarget}
       ) as newest)`,
    [requireAccount(ctx), targetIds],
  );
  return groupedBy(targetIds, rows, ({ targetId }) => targetId ?? '');
}

export const readActionErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** The caller's proposal. */
export async function readAction(ctx: Context, id: string): Promise<ActionRow> {
  return requireMay(ctx, 'read action', await load(ctx, unsafeActionsById, parseId(id)));
}
