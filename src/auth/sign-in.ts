import { z } from 'zod';
import { Stream } from '../../entities/activity/stream.js';
import { User } from '../../entities/auth/user.js';
import { record } from '../activity/index.js';
import { type Context, newId } from '../context.js';
import { invalid } from '../errors.js';
import { parse } from '../input.js';
import { transaction, transactionOfNewAccount } from '../transaction.js';
import { userCreated } from './events.js';
import { type IssuedTokens, issueTokens } from './issue-tokens.js';
import { findUserBySubject, type UserRow } from './users.js';

const Input = z.union([
  z.object({ idToken: z.string().min(1) }),
  z.object({ code: z.string().min(1).max(2_000), redirectUri: z.url().max(2_000) }),
]);

type GoogleIdentity = Awaited<ReturnType<Context['gateways']['google']['verify']>>;

/**
 * Exchanges what Google gave the person for our tokens; the first time it creates the account. Repeating it begins
 * another session of the same account.
 * @throws VALIDATION_FAILED, UNAUTHENTICATED for anything that Google did not sign for us
 */
export async function signIn(ctx: Context, input: unknown): Promise<IssuedTokens> {
  const identity = await identify(ctx, input);
  const known = await findUserBySubject(ctx, identity.subject);
  if (known) return welcomeBack(ctx, known, identity);
  try {
    return await createAccount(ctx, identity);
  } catch (error) {
    // Two first sign-ins at once: the other one made the account.
    const twin = await findUserBySubject(ctx, identity.subject);
    if (!twin) throw error;
    return welcomeBack(ctx, twin, identity);
  }
}

async function identify(ctx: Context, input: unknown): Promise<GoogleIdentity> {
  const fields = parse(z.record(z.string(), z.unknown()), input);
  const parsed = Input.safeParse(fields);
  if (!parsed.success) throw invalid([{ field: 'idToken', rule: 'is required, or code and redirectUri are' }]);
  if ('idToken' in parsed.data) return ctx.gateways.google.verify(parsed.data.idToken);
  return ctx.gateways.google.exchange(parsed.data.code, parsed.data.redirectUri);
}

async function welcomeBack(ctx: Context, known: UserRow, identity: GoogleIdentity): Promise<IssuedTokens> {
  return transaction(
    ctx,
    async (tx) => {
      const user = await tx.em.findOneOrFail(User, known.id);
      user.email = identity.email;
      user.avatarUrl = identity.pictureUrl;
      return issueTokens(tx, user, newId(tx.clock));
    },
    known.id,
  );
}

async function createAccount(ctx: Context, identity: GoogleIdentity): Promise<IssuedTokens> {
  const id = newId(ctx.clock);
  return transactionOfNewAccount(ctx, id, async (tx) => {
    const user = new User({
      id,
      googleSubject: identity.subject,
      email: identity.email,
      name: identity.name,
      avatarUrl: identity.pictureUrl,
      createdAt: tx.clock.now(),
    });
    tx.em.persist([user, new Stream(id)]);
    await tx.flush();
    await record(tx, userCreated(id));
    return issueTokens(tx, user, newId(tx.clock));
  });
}
