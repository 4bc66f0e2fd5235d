import { AccountExport } from '../../entities/privacy/account-export.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { type Context, load, readByIds, requireAccount, runStatement } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parseErrors, parseId } from '../kernel/input.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const exportRows = rowsWithout(AccountExport, []);

/** An export as reads see it. */
export type AccountExportRow = RowIn<typeof exportRows>;

/** Above what an account can ask for in the days for which they are kept. */
const maxExports = 30;

/** Exports by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeExportsById(ctx: Context, ids: readonly string[]): Promise<(AccountExportRow | null)[]> {
  const text = `select ${exportRows.columns} from privacy.account_export where id = any($1::uuid[])`;
  return readByIds<AccountExportRow>(ctx, text, ids);
}

/** The caller's exports, the newest first. */
export function listExports(ctx: Context): Promise<AccountExportRow[]> {
  return runStatement<AccountExportRow>(
    ctx,
    `select ${exportRows.columns} from privacy.account_export where account_id = $1 order by id desc limit ${maxExports}`,
    [requireAccount(ctx)],
  );
}

export const readExportErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** One export of the caller. @throws NOT_FOUND, FORBIDDEN */
export async function readExport(ctx: Context, id: unknown): Promise<AccountExportRow> {
  return requireMay(ctx, 'read account export', await load(ctx, unsafeExportsById, parseId(id)));
}
