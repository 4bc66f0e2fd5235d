import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { providerAt, webhookSecret } from '../support/checkout.js';

const provider = providerAt('http://localhost', { webhookSecrets: [webhookSecret, 'the-next-one'] });

function signatureOf(body: string, secret = webhookSecret): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function read(event: object | string, secret = webhookSecret) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return provider.readEvent(Buffer.from(body), signatureOf(body, secret));
}

const captured = { id: 'evt_1', type: 'payment_captured', data: { id: 'pay_1', reference: 'order-1' } };

test('an event of a payment names it', () => {
  const event = { kind: 'PAYMENT', id: 'evt_1', type: 'payment_captured', paymentId: 'pay_1', reference: 'order-1' };
  expect(read(captured)).toEqual(event);
  expect(read({ ...captured, data: { id: 'pay_1' } })).toEqual({ ...event, reference: null });
});

test('either secret is good while one takes the place of the other', () => {
  expect(read(captured, 'the-next-one')).toMatchObject({ kind: 'PAYMENT' });
  expect(read(captured, 'another one')).toBeNull();
});

test.each(['card_verified', 'card_verification_declined', 'payment_retry_scheduled'])('%s is of a payment', (type) => {
  expect(read({ ...captured, type })).toMatchObject({ kind: 'PAYMENT', type });
});

test('a dispute is of the payment that it names', () => {
  const data = { id: 'dsp_1', payment_id: 'pay_1', payment_reference: 'order-1' };
  expect(read({ id: 'evt_1', type: 'dispute_received', data })).toMatchObject({
    paymentId: 'pay_1',
    reference: 'order-1',
  });
});

test.each<[string, object]>([
  ['another kind', { ...captured, type: 'balance_low' }],
  ['a card that is kept', { id: 'evt_1', type: 'payment_instrument_created', data: { id: 'src_1' } }],
])('an event of %s is unknown', (_, event) => {
  expect(read(event)).toMatchObject({ kind: 'UNKNOWN', id: 'evt_1' });
});

test.each<[string, object | string]>([
  ['no JSON', '{"id":'],
  ['nothing', ''],
  ['a list', '[]'],
  ['no id', { type: 'payment_captured', data: { id: 'pay_1' } }],
  ['no type', { id: 'evt_1', data: { id: 'pay_1' } }],
  ['no payment', { id: 'evt_1', type: 'payment_captured', data: {} }],
  ...['', 'pay_', `pay_${'x'.repeat(100_000)}`, '../pay_1', 'pay_1\r\n'].map((id): [string, object] => [
    `a payment ${JSON.stringify(id).slice(0, 20)}`,
    { ...captured, data: { id } },
  ]),
  ['no disputed payment', { id: 'evt_1', type: 'dispute_lost', data: { id: 'dsp_1' } }],
])('what is signed and has %s is malformed', (_, event) => {
  expect(read(event)).toEqual({ kind: 'MALFORMED', reason: expect.any(String) });
});

const body = JSON.stringify(captured);
const good = signatureOf(body);

test.each<[string, string | undefined]>([
  ['none', undefined],
  ['an empty one', ''],
  ['one in capitals', good.toUpperCase()],
  ['one that is too short', good.slice(2)],
  ['one that is too long', `${good}00`],
  ['one of an odd length', good.slice(1)],
  ['one that is no hexadecimal', 'z'.repeat(64)],
  ['one with a blank behind it', `${good} `],
  ['one of another body', signatureOf(`${body} `)],
])('a signature that is %s is nobody we know', (_, signature) => {
  expect(provider.readEvent(Buffer.from(body), good)).not.toBeNull();
  expect(provider.readEvent(Buffer.from(body), signature)).toBeNull();
});

test('the bytes are signed, whatever they mean', () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00]);
  const signature = createHmac('sha256', webhookSecret).update(bytes).digest('hex');
  expect(provider.readEvent(bytes, signature)).toMatchObject({ kind: 'MALFORMED' });
});
