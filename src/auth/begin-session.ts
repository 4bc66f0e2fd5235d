import { Session } from '../../entities/auth/session.js';
import { newId, requireSignIn, runStatement, type Services, type Tx } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import { mendedLine } from '../kernel/text.js';
import { endSessions } from './end-sessions.js';

/** Sessions that one account may have at a time; a further sign-in ends the one that was used longest ago. */
export const maxSessions = 100;
/** Characters of a User-Agent header that are kept. */
const maxDevice = 200;

/** When a session ends that was signed in at `createdAt` and is used now: its refresh tokens' end, and never later than its own. */
export function expiryOf(services: Services, createdAt: Date, now: Date): Date {
  const { refreshTokenDays, sessionDays } = requireSignIn(services);
  return new Date(Math.min(now.getTime() + refreshTokenDays * dayMs, createdAt.getTime() + sessionDays * dayMs));
}

/** What is shown of the client that signs in or refreshes. */
export function clientOf({ client }: Tx): Pick<Session, 'device' | 'address'> {
  return { device: mendedLine(client?.userAgent ?? '', maxDevice) || null, address: client?.address ?? null };
}

/** A new session of the account, made room for where the account has as many as it may. */
export async function beginSession(tx: Tx, userId: string): Promise<Session> {
  const { tokenClock } = tx.services;
  const createdAt = tokenClock.now();
  const surplus = await runStatement<{ id: string }>(
    tx,
    `select id from auth.session where user_id = $1 and ended_at is null and expires_at > $2
     order by last_used_at desc, id desc offset $3`,
    [userId, createdAt, maxSessions - 1],
  );
  await endSessions(
    tx,
    surplus.map(({ id }) => id),
    'TOO_MANY',
  );
  const session = new Session({
    id: newId(tokenClock),
    userId,
    ...clientOf(tx),
    createdAt,
    expiresAt: expiryOf(tx.services, createdAt, createdAt),
  });
  tx.entities().persist(session);
  return session;
}
