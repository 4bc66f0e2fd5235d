import { createHmac } from 'node:crypto';
import { post, type RawRequest } from './load.js';

/** What the provider signs the bench's events with. */
export const webhookSecret = 'the-secret-of-a-bench';

/** One of this many tells again what came some time before: the provider has missed our answer. */
const repeatEvery = 10;
/** How many events ago that was. */
const repeatDistance = 5;

/**
 * Signed events of payments, as the provider would send them to an address: some 2.9 KB each, with ids of their own but
 * for the tenth that repeats another.
 * @param series tells these ids from all others
 */
export function signedEvents(url: string, series: string, count: number): RawRequest[] {
  return Array.from({ length: count }, (_, index) => signedEvent(url, `${series}${idOf(index)}`));
}

/** How many distinct ids the first events of a series have. */
export function distinctOf(count: number): number {
  return count - Math.floor(count / repeatEvery);
}

function idOf(index: number): string {
  const isRepeat = index % repeatEvery === repeatEvery - 1;
  return String(isRepeat ? index - repeatDistance : index).padStart(9, '0');
}

function signedEvent(url: string, id: string): RawRequest {
  const event = eventOf(id);
  const signature = createHmac('sha256', webhookSecret).update(JSON.stringify(event)).digest('hex');
  return post(url, event, { 'cko-signature': signature });
}

/** The provider's `payment_captured`, with what it says of card, bank and payer. */
function eventOf(id: string): object {
  const [paymentId, at] = [`pay_${id.padStart(26, 'a')}`, '2026-11-28T09:15:00.1234567Z'];
  return {
    id: `evt_${id.padStart(26, 'a')}`,
    type: 'payment_captured',
    version: '1.0.21',
    created_on: at,
    data: {
      id: paymentId,
      action_id: `act_${id.padStart(26, 'a')}`,
      reference: `credits-${id}`,
      amount: 500,
      currency: 'USD',
      processed_on: at,
      response_code: '10000',
      response_summary: 'Approved',
      amount_requested: 500,
      payment_type: 'Regular',
      payment_ip: '192.0.2.1',
      source,
      customer: { id: 'cus_22tpvnz6u4luxnpoxt2dg2udaa', email: 'ada@example.com', name: 'Ada Lovelace' },
      balances,
      processing,
      risk: { flagged: false, score: 12 },
      '3ds': threeDs,
      billing_descriptor: { name: 'Perpetua Flow', city: 'London' },
      shipping: { address: addressOfPayer, phone: { country_code: '44', number: '4155552671' } },
      metadata: { purpose: 'CREDITS', coupon: '', note: 'Twenty credits for an account of Perpetua Flow' },
      event_links: {
        payment: `https://bench.api.checkout.com/payments/${paymentId}`,
        payment_actions: `https://bench.api.checkout.com/payments/${paymentId}/actions`,
        refund: `https://bench.api.checkout.com/payments/${paymentId}/refunds`,
      },
    },
    _links: {
      self: { href: `https://bench.api.checkout.com/workflows/events/evt_${id.padStart(26, 'a')}` },
      subject: { href: `https://bench.api.checkout.com/workflows/events/subject/${paymentId}` },
      payment: { href: `https://bench.api.checkout.com/payments/${paymentId}` },
    },
  };
}

const addressOfPayer = {
  address_line1: '12 St James’s Square',
  address_line2: 'Third floor',
  city: 'London',
  state: 'Greater London',
  zip: 'SW1Y 4JH',
  country: 'GB',
};

const source = {
  id: 'src_wmlfc3zyhqzehihu7giusaaawu',
  type: 'card',
  billing_address: addressOfPayer,
  expiry_month: 6,
  expiry_year: 2030,
  name: 'Ada Lovelace',
  scheme: 'VISA',
  last_4: '4242',
  fingerprint: '436D3B2F97E2E6B6A5C3D9F1B0A7E8C4D5F60718293A4B5C6D7E8F9012345678',
  bin: '424242',
  card_type: 'CREDIT',
  card_category: 'CONSUMER',
  issuer: 'JPMORGAN CHASE BANK NA',
  issuer_country: 'US',
  product_id: 'A',
  product_type: 'Visa Traditional',
  avs_check: 'S',
  cvv_check: 'Y',
  payment_account_reference: 'V001898055688657091',
};

const balances = {
  total_authorized: 500,
  total_voided: 0,
  available_to_void: 0,
  total_captured: 500,
  available_to_capture: 0,
  total_refunded: 0,
  available_to_refund: 500,
};

const processing = {
  acquirer_transaction_id: '767665093700692500821',
  acquirer_reference_number: '24022172332000000000000',
  retrieval_reference_number: '233207654321',
  scheme_transaction_id: '462332076543210',
  merchant_category_code: '5734',
  partner_response_code: '00',
};

const threeDs = {
  version: '2.2.0',
  challenged: true,
  challenge_indicator: 'no_preference',
  exemption: 'none',
  eci: '05',
  cavv: 'AAABAVIREQAAAAAAAAAAAAAAAAA=',
  xid: '0fa1c1b4-0f6c-4c5b-8f5a-0c1d2e3f4a5b',
  downgraded: false,
  enrolled: 'Y',
  authentication_response: 'Y',
  flow: 'challenged',
};
