import { type HoldRequest, holdCredits, settleHold } from '../../billing/index.js';
import type { Tx } from '../../kernel/context.js';
import type { RecordingRow } from './recording-rows.js';

/** Credits of a minute that has begun. */
const creditsAMinute = 5;
/** How long a hold is looked after once its bytes have come: longer than all tries to write it down take. */
const workMs = 900_000;

/** Credits that writing down so many seconds costs. */
export function priceOfVoice(seconds: number): number {
  return Math.ceil(seconds / 60) * creditsAMinute;
}

/** Until when credits are held from now on. */
export function heldUntil(tx: Tx): Date {
  return new Date(tx.clock.now().getTime() + workMs);
}

/**
 * Holds what a recording costs, in place of what was held for it until now, and answers the hold.
 * @throws INSUFFICIENT_CREDITS; then what was held stays
 */
export async function holdForVoice(
  tx: Tx,
  { fileId, tries, holdId }: Pick<RecordingRow, 'fileId' | 'tries' | 'holdId'>,
  seconds: number,
): Promise<{ readonly holdId: string; readonly remaining: number }> {
  if (holdId !== null) await settleHold(tx, holdId, 0);
  const request: HoldRequest = {
    amount: priceOfVoice(seconds),
    key: `voice:${fileId}:${tries}`,
    reason: 'Voice transcription',
    leaseUntil: heldUntil(tx),
  };
  return holdCredits(tx, request);
}
