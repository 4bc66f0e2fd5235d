/** A card as a payer enters it. */
export interface Card {
  /** Digits alone. */
  readonly number: string;
  /** Good until the end of this month. */
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly name: string;
}

/** Why a bank refuses, with what it advises. */
export interface Refusal {
  readonly code: string;
  readonly summary: string;
  /** Checkout.com's advice: 01 new details, 02 later, 03 never. */
  readonly recommendationCode: string | null;
  /** Mastercard's advice. */
  readonly adviceCode: string | null;
}

/** The card that the page begins with, which can be charged. */
export const standardCard: Card = {
  number: '4242424242424242',
  expiryMonth: 12,
  expiryYear: 2040,
  name: 'Ada Lovelace',
};

/** Codes that a bank refuses with, as far as somebody may ask for one by it alone. */
const summaries: Readonly<Record<string, string>> = {
  20005: 'Declined - Do Not Honour',
  20014: 'Invalid account number (no such number)',
  20051: 'Insufficient Funds',
  20054: 'Expired Card',
  20059: 'Suspected Fraud',
  20062: 'Restricted Card',
  20068: 'Response Received Too Late / Timeout',
  '200R3': 'Issuer initiated a stop payment (revocation order) for all authorizations',
  30041: 'Lost Card - Pick Up',
  30043: 'Stolen Card - Pick Up',
};

/** Numbers that are always refused, and with which code. @see https://www.checkout.com/docs/developer-resources/testing/test-cards */
const refusedNumbers: Readonly<Record<string, string>> = {
  '4485381577182090': '20014',
  '4544249167673670': '20051',
  '4724117215951699': '20054',
  '4897453568485113': '20059',
  '4818924250131070': '20062',
  '4095254802642505': '20068',
  '4567361325981788': '200R3',
  '4941202060999329': '30041',
  '4539253655711767': '30043',
};

/** A refusal with this code, and the advice that goes with it unless another one is given. */
export function refusalOf(code: string, own: Partial<Refusal> = {}): Refusal {
  const { summary = summaries[code] ?? 'Declined', recommendationCode, adviceCode = null } = own;
  return { code, summary, recommendationCode: recommendationCode ?? adviceOf(code), adviceCode };
}

function adviceOf(code: string): string | null {
  if (code.startsWith('30') || code === '200R3') return '03';
  if (code === '20054' || code === '20014') return '01';
  return code === '20051' || code === '20068' ? '02' : null;
}

/** How the card's bank answers by itself; null: it says yes. */
export function ownRefusal({ number, expiryMonth, expiryYear }: Card, now: Date): Refusal | null {
  if (isOver(expiryMonth, expiryYear, now)) return refusalOf('20054');
  const code = refusedNumbers[number];
  return code === undefined ? null : refusalOf(code);
}

/** What is wrong with what was entered, as the page says it; null: nothing. */
export function faultOf({ number, expiryMonth, expiryYear }: Card, now: Date): string | null {
  if (!/^\d{13,19}$/.test(number) || !passesLuhn(number)) return 'This is no card number.';
  const isMonth = expiryMonth >= 1 && expiryMonth <= 12 && expiryYear >= 2000 && expiryYear <= 2999;
  if (!isMonth) return 'The expiry date is written as MM/YY.';
  return isOver(expiryMonth, expiryYear, now) ? 'This card has expired.' : null;
}

/** Whose card it is, by its first digits. */
export function schemeOf({ number }: Card): string {
  if (number.startsWith('4')) return 'Visa';
  return /^3[47]/.test(number) ? 'American Express' : /^(5[1-5]|2[2-7])/.test(number) ? 'Mastercard' : 'Discover';
}

function isOver(month: number, year: number, now: Date): boolean {
  // The first moment of the next month.
  return now.getTime() >= Date.UTC(year, month);
}

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
