import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { deleteAccount, deleteAccountErrors } from '../../src/auth/index.js';
import type { Context } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { withErrors } from '../error-codes.js';

@InputType({ description: 'Says once more which account is to be deleted.' })
class DeleteAccountInput {
  @Field(() => String, {
    description: 'The e-mail address of the account, typed again against accidents; its case does not matter.',
  })
  email!: string;
}

@ObjectType({ simpleResolvers: true, description: 'When the account was closed, and when it will be deleted.' })
class DeleteAccountPayload {
  @Field(() => DateTime, { description: 'When it was closed: now.' })
  deletedAt!: Date;

  @Field(() => DateTime, { description: 'When it is deleted, 14 days later, unless its user signs in before.' })
  finalAt!: Date;
}

/** The end of an account. */
@Resolver()
export class AccountResolver {
  @Mutation(() => DeleteAccountPayload, {
    description: withErrors(
      'Closes the account at once and deletes it after 14 days; signing in before that keeps it. Every session ends, this one included, and browsers get no more pushes. The credit ledger stays, without a name.',
      deleteAccountErrors,
    ),
  })
  async deleteAccount(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The e-mail address of the account.' }) input: DeleteAccountInput,
  ): Promise<DeleteAccountPayload> {
    const { closedAt, finalAt } = await deleteAccount(ctx, input);
    return { deletedAt: closedAt, finalAt };
  }
}
