import type { Decline } from '../payments.js';
import type { Action, Payment } from './answers.js';

const approved = '10000';

/** Advice of Checkout.com's own, then Mastercard's of the same meaning. 40 and 41 are cards that hold no more money. */
const advices = {
  NEVER: { recommended: ['03'], byMastercard: ['03', '21', '40', '41'] },
  NEW_DETAILS: { recommended: ['01'], byMastercard: ['01', '04'] },
  LATER: { recommended: ['02'], byMastercard: ['02', '24', '25', '26', '27', '28', '29', '30'] },
} as const;

/** Cards that were lost, stolen or closed (30…), and payers who have forbidden all further payments. */
const hardDecline = /^(30|200R)/;

/** Why a payment was refused, of one that was; `actions` are its own, the latest first. */
export function declineOf(payment: Payment, actions: readonly Action[]): Decline {
  const refusing = actions.find(({ response_code }) => response_code && response_code !== approved);
  const told = payment.response_code ? payment : refusing;
  const code = told?.response_code ?? '';
  return { code, summary: told?.response_summary ?? '', advice: adviceOf(code, payment.processing ?? {}) };
}

function adviceOf(
  code: string,
  { recommendation_code, partner_merchant_advice_code }: NonNullable<Payment['processing']>,
): Decline['advice'] {
  const says = ({ recommended, byMastercard }: (typeof advices)[keyof typeof advices]) =>
    recommended.some((each) => each === recommendation_code) ||
    byMastercard.some((each) => each === partner_merchant_advice_code);
  // What forbids comes first: asking again in spite of it costs a fine.
  if (hardDecline.test(code) || says(advices.NEVER)) return 'NEVER';
  if (says(advices.NEW_DETAILS)) return 'NEW_DETAILS';
  return says(advices.LATER) ? 'LATER' : null;
}
