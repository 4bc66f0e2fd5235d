import { ECDH } from 'node:crypto';
import { z } from 'zod';
import { record } from '../activity/index.js';
import { pushSubscriptionRegistered, pushSubscriptionRemoved } from '../events/notifications.js';
import { type Context, newId, requirePerson, runStatement, type Tx } from '../kernel/context.js';
import { AppError, type DeclaredErrors } from '../kernel/errors.js';
import { parse, parseErrors } from '../kernel/input.js';
import { sendJob } from '../kernel/jobs.js';
import { transaction } from '../kernel/transaction.js';
import { LogMovedBrowser } from './log-moved-browser.js';

/** Browsers of one account that take pushes. */
const maxSubscriptions = 20;
const authBytes = 16;
const pointBytes = 65;

/** What a browser needs to know after it registered or left. */
export interface RegisteredPush {
  readonly endpoint: string;
  /** Our public key, base64url: `applicationServerKey` when it subscribes. */
  readonly vapidPublicKey: string;
}

/** Base64url of so many bytes, as browsers write it; padding is left out. */
const bytes = (count: number, what: string) =>
  z
    .string()
    .max(100, `must be ${what}, base64url`)
    .transform((text) => text.replace(/=+$/, ''))
    .refine((text) => /^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === count, {
      error: `must be ${what}, base64url`,
      abort: true,
    });

const p256dh = bytes(pointBytes, 'an uncompressed P-256 point').refine(isPoint, 'must be a point of P-256');
const auth = bytes(authBytes, `${authBytes} bytes`);

function isPoint(text: string): boolean {
  try {
    return Buffer.from(text, 'base64url')[0] === 4 && ECDH.convertKey(text, 'prime256v1', 'base64url').length > 0;
  } catch {
    return false;
  }
}

export const registerPushSubscriptionErrors: DeclaredErrors = {
  VALIDATION_FAILED: "an endpoint that is not a public push service's, or keys that are none",
};

function endpointOf(ctx: Context) {
  return z.string().transform((text, refusal) => {
    const fault = ctx.providers.webPush.endpointFault(text);
    if (fault === null) return new URL(text).href;
    refusal.addIssue(fault);
    return z.NEVER;
  });
}

/**
 * Sends the caller's pushes to a browser from now on. The same again renews its keys; an endpoint that another account
 * had moves to this one, since a browser is its user's, and both logs say so; of more than 20 browsers the one longest not seen goes.
 */
export async function registerPushSubscription(ctx: Context, input: unknown): Promise<RegisteredPush> {
  requirePerson(ctx);
  const subscription = parse(z.strictObject({ endpoint: endpointOf(ctx), p256dh, auth }), input);
  await transaction(ctx, async (tx) => {
    const { id, previous } = await upsert(tx, subscription);
    if (previous && previous.userId !== tx.unit.account.id) {
      await sendJob(tx, LogMovedBrowser, { userId: previous.userId, pushSubscriptionId: previous.id });
    }
    // Browsers register at every start: only what changes is news.
    if (previous?.userId !== tx.unit.account.id) await record(tx, pushSubscriptionRegistered(id, {}));
    await dropOldest(tx);
  });
  return { endpoint: subscription.endpoint, vapidPublicKey: ctx.providers.webPush.publicKey };
}

interface WrittenSubscription {
  readonly id: string;
  /** What it was before: null when nobody had the endpoint. */
  readonly previous: { readonly id: string; readonly userId: string } | null;
}

/** An endpoint that moves gets an id of its own in its new account: what is said of the old one stays true of that. */
async function upsert(
  tx: Tx,
  { endpoint, p256dh, auth }: { endpoint: string; p256dh: string; auth: string },
): Promise<WrittenSubscription> {
  const [row] = await runStatement<WrittenSubscription>(
    tx,
    `insert into notifications.push_subscription as subscription (id, user_id, endpoint, p256dh, auth, registered_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (endpoint) do update set id = case subscription.user_id when $2 then subscription.id else $1 end,
       user_id = $2, p256dh = $4, auth = $5, registered_at = $6
     returning new.id, case when old.id is not null then json_build_object('id', old.id, 'userId', old.user_id) end
       as previous`,
    [newId(tx.clock), tx.unit.account.id, endpoint, p256dh, auth, tx.clock.now()],
  );
  if (!row) throw new Error('The push subscription was not written.');
  return row;
}

async function dropOldest(tx: Tx): Promise<void> {
  const dropped = await runStatement<{ id: string }>(
    tx,
    `delete from notifications.push_subscription where id in (
       select id from notifications.push_subscription where user_id = $1
       order by registered_at desc, id desc offset $2
     ) returning id`,
    [tx.unit.account.id, maxSubscriptions],
  );
  for (const { id } of dropped) await record(tx, pushSubscriptionRemoved(id, { reason: 'LIMIT' }));
}

const Removal = z.strictObject({
  endpoint: z
    .string()
    .refine((text) => URL.canParse(text), 'must be a URL')
    .transform((text) => new URL(text).href),
});

export const removePushSubscriptionErrors: DeclaredErrors = { ...parseErrors, FORBIDDEN: '' };

/** Sends no more pushes to a browser; the second time nothing happens. */
export async function removePushSubscription(ctx: Context, input: unknown): Promise<RegisteredPush> {
  requirePerson(ctx);
  const { endpoint } = parse(Removal, input);
  await transaction(ctx, async (tx) => {
    const known = await readSubscription(tx, endpoint);
    if (!known) return;
    if (known.userId !== tx.unit.account.id) throw new AppError('FORBIDDEN', "This browser is somebody else's.");
    await runStatement(tx, 'delete from notifications.push_subscription where id = $1', [known.id]);
    await record(tx, pushSubscriptionRemoved(known.id, { reason: 'USER' }));
  });
  return { endpoint, vapidPublicKey: ctx.providers.webPush.publicKey };
}

async function readSubscription(tx: Tx, endpoint: string): Promise<{ id: string; userId: string } | undefined> {
  const [row] = await runStatement<{ id: string; userId: string }>(
    tx,
    'select id, user_id as "userId" from notifications.push_subscription where endpoint = $1',
    [endpoint],
  );
  return row;
}
