import { type HoldRequest, holdCredits, readCredits, settleHold } from '../../billing/index.js';
import type { Context, Tx } from '../../kernel/context.js';
import type { RecordingRow } from './recording-rows.js';

/** Credits of a minute that has begun. */
const creditsAMinute = 5;
/** How long a recording may wait for a worker, and its credits are held for that. */
const waitMs = 300_000;

/** Credits that writing down so many seconds costs. */
export function priceOfVoice(seconds: number): number {
  return Math.ceil(seconds / 60) * creditsAMinute;
}

/** Until when a recording may wait for a worker from now on. */
export function waitsUntil({ clock }: Context): Date {
  return new Date(clock.now().getTime() + waitMs);
}

/**
 * Holds what a recording costs, in place of what was held for it until now, and answers the hold.
 * @throws INSUFFICIENT_CREDITS; then what was held stays
 */
export async function holdForVoice(
  tx: Tx,
  { fileId, tries, holdId }: Pick<RecordingRow, 'fileId' | 'tries' | 'holdId'>,
  seconds: number,
  leaseUntil: Date,
): Promise<{ readonly holdId: string; readonly remaining: number }> {
  if (holdId !== null) await settleHold(tx, holdId, 0);
  const request: HoldRequest = {
    amount: priceOfVoice(seconds),
    key: `voice:${fileId}:${tries}`,
    reason: 'Voice transcription',
    leaseUntil,
  };
  return holdCredits(tx, request);
}

/**
 * Pays for a recording that was written down, of what is held for it. One that is longer than it said it is costs the rest as
 * well, as far as there are credits.
 */
export async function payForVoice(
  tx: Tx,
  { fileId, tries, holdId, seconds: held }: Pick<RecordingRow, 'fileId' | 'tries' | 'holdId' | 'seconds'>,
  seconds: number,
): Promise<void> {
  if (holdId !== null) await settleHold(tx, holdId, priceOfVoice(held));
  const { total } = await readCredits(tx);
  const amount = Math.min(priceOfVoice(seconds) - priceOfVoice(held), total);
  if (amount <= 0) return;
  const request = { amount, key: `voice:${fileId}:${tries}:rest`, reason: 'Voice transcription' };
  const rest = await holdCredits(tx, request);
  await settleHold(tx, rest.holdId, amount);
}
