import { z } from 'zod';
import { Account } from '../../entities/accounts/account.js';
import { User } from '../../entities/auth/user.js';
import { record } from '../activity/index.js';
import { userCreated } from '../events/auth.js';
import { asAccount, type Context, newId, runStatement, type Tx } from '../kernel/context.js';
import { AppError, invalid } from '../kernel/errors.js';
import { parse } from '../kernel/input.js';
import { count } from '../kernel/metrics.js';
import { transaction, transactionOfNewAccount } from '../kernel/transaction.js';
import { beginSession } from './begin-session.js';
import { type IssuedTokens, issueTokens } from './issue-tokens.js';
import { logSession } from './log-session.js';
import { signUps } from './metrics.js';
import { reopenAccount } from './reopen-account.js';
import { endReplacedSession } from './sign-out.js';
import { findUserBySubject } from './users.js';

const Input = z.union([
  z.object({ idToken: z.string().min(1) }),
  z.object({
    code: z.string().min(1).max(2_000),
    redirectUri: z.url().max(2_000),
    // RFC 7636, section 4.1.
    codeVerifier: z
      .string()
      .regex(/^[\w.~-]{43,128}$/)
      .optional(),
  }),
]);

type GoogleIdentity = Awaited<ReturnType<Context['providers']['google']['verify']>>;

/**
 * Exchanges what Google gave the person for our tokens; the first time it creates the account. Repeating it begins
 * another session of the same account, and keeps one that was to be deleted; an ID token is good for one sign-in.
 * @param replaced the refresh token, of any account, whose cookie the new one overwrites: its session ends
 * @throws VALIDATION_FAILED, UNAUTHENTICATED for anything that Google did not sign for us, or that was used before
 */
export async function signIn(ctx: Context, input: unknown, replaced: string | null = null): Promise<IssuedTokens> {
  const issued = await signInOrLog(ctx, input);
  if (replaced !== null) await endReplacedSession(ctx, replaced);
  return issued;
}

async function signInOrLog(ctx: Context, input: unknown): Promise<IssuedTokens> {
  try {
    return await signInAs(ctx, await identify(ctx, input));
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') logSession(ctx, 'a sign-in was refused', null);
    throw error;
  }
}

async function signInAs(ctx: Context, identity: GoogleIdentity): Promise<IssuedTokens> {
  const issued = await welcomeBack(ctx, identity);
  if (issued) return issued;
  try {
    return await createAccount(ctx, identity);
  } catch (error) {
    // Two first sign-ins at once: the other one made the account.
    const twins = await welcomeBack(ctx, identity);
    if (!twins) throw error;
    return twins;
  }
}

async function identify(ctx: Context, input: unknown): Promise<GoogleIdentity> {
  const fields = parse(z.record(z.string(), z.unknown(), 'must be a JSON object'), input);
  const parsed = Input.safeParse(fields);
  if (!parsed.success)
    throw invalid([
      {
        field: 'idToken',
        rule: 'is required, or code and redirectUri are, with a codeVerifier of 43–128 characters where one was used',
      },
    ]);
  if ('idToken' in parsed.data) return ctx.providers.google.verify(parsed.data.idToken);
  return ctx.providers.google.exchange(parsed.data);
}

/** Null for somebody new; so is whose account begins to be deleted at this very moment. */
async function welcomeBack(ctx: Context, identity: GoogleIdentity): Promise<IssuedTokens | null> {
  const known = await findUserBySubject(ctx, identity.subject);
  if (!known) return null;
  return transaction(asAccount(ctx, known.id), async (tx) => {
    const user = await tx.entities().findOne(User, { id: known.id, googleSubject: identity.subject });
    if (!user) return null;
    await reopenAccount(tx);
    user.email = identity.email;
    user.avatarUrl = identity.pictureUrl;
    return openSession(tx, user, identity);
  });
}

async function createAccount(ctx: Context, identity: GoogleIdentity): Promise<IssuedTokens> {
  const id = newId(ctx.clock);
  return transactionOfNewAccount(asAccount(ctx, id), async (tx) => {
    const user = new User({
      id,
      googleSubject: identity.subject,
      email: identity.email,
      name: identity.name,
      avatarUrl: identity.pictureUrl,
      createdAt: tx.clock.now(),
    });
    tx.entities().persist([new Account({ id, kind: 'PERSON', createdAt: tx.clock.now() }), user]);
    await tx.flush();
    await record(tx, userCreated(id, {}));
    count(tx, signUps, {});
    return openSession(tx, user, identity);
  });
}

async function openSession(tx: Tx, user: User, { idToken }: GoogleIdentity): Promise<IssuedTokens> {
  const [firstUse] = await runStatement(
    tx,
    'insert into auth.used_id_token (hash, expires_at) values ($1, $2) on conflict do nothing returning hash',
    [idToken.hash, idToken.expiresAt],
  );
  if (!firstUse) throw new AppError('UNAUTHENTICATED', 'This ID token was used before. Sign in at Google again.');
  const session = await beginSession(tx, user.id);
  logSession(tx, 'signed in', { userId: user.id, sessionId: session.id });
  return issueTokens(tx, user, session);
}
