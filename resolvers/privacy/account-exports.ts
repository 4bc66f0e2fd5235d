import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { AccountExport, AccountExportState } from '../../entities/privacy/account-export.js';
import { downloadAddress } from '../../src/files/index.js';
import type { Context } from '../../src/kernel/context.js';
import {
  type AccountExportRow,
  accountExportFile,
  exportAccount,
  exportAccountErrors,
  listExports,
  readExport,
  readExportErrors,
} from '../../src/privacy/index.js';
import { withErrors } from '../error-codes.js';

@ObjectType({ simpleResolvers: true, description: 'The export that was asked for.' })
class ExportAccountPayload {
  @Field(() => AccountExport, {
    description: 'The export, which is PENDING; `changes` and a notification say when it is READY.',
  })
  export!: AccountExportRow;
}

/** Copies of an account for its user. */
@Resolver(() => AccountExport)
export class AccountExportsResolver {
  @Query(() => AccountExport, {
    description: withErrors('One export of the account.', readExportErrors),
  })
  accountExport(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'The UUID of the export.' }) id: string,
  ): Promise<AccountExportRow> {
    return readExport(ctx, id);
  }

  @Query(() => [AccountExport], {
    description: "The caller's exports of the last 7 days, the newest first; at most 30.",
  })
  accountExports(@Ctx() ctx: Context): Promise<readonly AccountExportRow[]> {
    return listExports(ctx);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where the archive can be downloaded for 10 minutes, without a header; null unless it is READY. Ask again for a new address.',
  })
  url(@Ctx() ctx: Context, @Root() { state, fileId }: AccountExportRow): string | null {
    if (state !== AccountExportState.READY || fileId === null) return null;
    return downloadAddress(ctx, accountExportFile, { id: fileId });
  }

  @Mutation(() => ExportAccountPayload, {
    description: withErrors(
      'Has a copy made of all that is held of the account: a ZIP archive with a JSON file for each kind of thing, and its files. While one is being made, it is that one.',
      exportAccountErrors,
    ),
  })
  async exportAccount(@Ctx() ctx: Context): Promise<ExportAccountPayload> {
    return { export: await exportAccount(ctx) };
  }
}
