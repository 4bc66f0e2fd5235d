import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Config } from '../../src/config.js';
import { AccessTokens } from '../../src/platform/access-tokens.js';
import { systemClock } from '../../src/platform/clock.js';

/** Somebody who sends load. */
export interface BenchUser {
  readonly id: string;
  readonly token: string;
}

/** What signs tokens as the product does. */
export function tokensOf(config: Config): Promise<AccessTokens> {
  const { JWT_SIGNING_KEY: signingKey, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  return AccessTokens.create({ signingKey, otherKey: null, issuer, audience, lifetimeSeconds: 3_600 }, systemClock);
}

/** Pro accounts with 1,000 credits to burn, made behind the app's back: signing in is not what is measured. */
export function makeUsers(pool: pg.Pool, tokens: AccessTokens, count: number): Promise<BenchUser[]> {
  return Promise.all(Array.from({ length: count }, () => makeUser(pool, tokens)));
}

async function makeUser(pool: pg.Pool, tokens: AccessTokens): Promise<BenchUser> {
  const id = randomUUID();
  await pool.query(
    `with account as (
       insert into accounts.account (id, kind, plan, created_at) values ($1, 'PERSON', 'PRO', now()))
     insert into auth.user (id, google_subject, email, name, created_at) values ($1, $2, 'bench@example.com', 'Bench', now())`,
    [id, id],
  );
  await pool.query(
    `insert into billing.credit_entry (id, account_id, kind, bucket, amount, reason, key, created_at)
     values (gen_random_uuid(), $1, 'GRANT', 'PURCHASED', 1000, 'bench', 'bench', now())`,
    [id],
  );
  return signIn(pool, tokens, id);
}

/** A session and a token of somebody who is there already. */
export async function signIn(pool: pg.Pool, tokens: AccessTokens, id: string): Promise<BenchUser> {
  const sessionId = randomUUID();
  await pool.query(
    `insert into auth.session (id, user_id, created_at, last_used_at, expires_at)
     values ($1, $2, now(), now(), now() + interval '1 day')`,
    [sessionId, id],
  );
  const { token } = await tokens.sign({ id, sessionId }, new Date(systemClock.now().getTime() + 86_400_000));
  return { id, token };
}
