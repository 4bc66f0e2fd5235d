import { type HoldRequest, holdCredits, settleHold } from '../../billing/index.js';
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
