import type { Chance } from './chance.js';

/** Days of the year, in each of which things happen twice. */
export const [yearDays, stepsADay] = [365, 2];

/** What somebody does, or what happens to their card, in one step of the year. */
type Act =
  /** Pays for Pro on a page, unless it is paid for: at once, with a card that is refused first, twice, or not in the end. */
  | { readonly kind: 'subscribe'; readonly how: 'once' | 'second card' | 'two tabs' | 'abandoned' }
  | { readonly kind: 'buy'; readonly packId: string }
  | { readonly kind: 'card' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'resume' }
  /** The bank refuses the card so often. */
  | { readonly kind: 'refusals'; readonly code: string; readonly times: number }
  /** The provider decides the next charge later. */
  | {
      readonly kind: 'slowness';
      readonly how: 'pending' | 'authorized' | 'voided' | 'captured by retry' | 'declined in retries';
    }
  /** Somebody gives back the last payment: all of it, or a part. */
  | { readonly kind: 'refund'; readonly amountCents: number }
  | { readonly kind: 'dispute'; readonly outcome: 'received' | 'lost' | 'won' }
  /** Spends credits. */
  | { readonly kind: 'spend'; readonly credits: number };

/** Acts of a kind. */
export type ActOf<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>;

/** An act of one of the people, at one of the steps. */
export interface PlannedAct {
  readonly step: number;
  readonly ordinal: number;
  readonly act: Act;
}

/** How the months of people go, by how often. */
const months: readonly (readonly [number, (chance: Chance) => readonly (readonly [day: number, act: Act])[]])[] = [
  [36, () => []],
  [14, (chance) => refusals(chance)],
  [6, (chance) => [[0, { kind: 'slowness', how: chance.pick(['pending', 'authorized', 'voided']) }]]],
  [4, (chance) => [[0, { kind: 'slowness', how: chance.pick(['captured by retry', 'declined in retries']) }]]],
  [12, () => [[0, { kind: 'cancel' }]]],
  [
    4,
    (chance) => [
      [0, { kind: 'cancel' }],
      [1 + chance.upTo(20), { kind: 'resume' }],
    ],
  ],
  [4, () => [[0, { kind: 'card' }]]],
  [6, (chance) => [[0, { kind: 'buy', packId: chance.pick(['credits_20', 'credits_45', 'credits_100']) }]]],
  [3, (chance) => [[0, { kind: 'refund', amountCents: chance.pick([100, 250, 500]) }]]],
  [
    1,
    (chance) => [
      [0, { kind: 'dispute', outcome: 'received' }],
      [9, { kind: 'dispute', outcome: chance.pick(['lost', 'won']) }],
    ],
  ],
  [8, (chance) => [[0, subscribing(chance)]]],
  [6, (chance) => [[0, { kind: 'spend', credits: 1 + chance.upTo(40) }]]],
];

/** The card is refused, for a while or for good; its owner does something about it, or nothing. */
function refusals(chance: Chance): (readonly [number, Act])[] {
  const code = chance.pick(['20051', '20051', '20005', '30041']);
  const refused = [0, { kind: 'refusals', code, times: 1 + chance.upTo(4) }] as const;
  const day = 3 + chance.upTo(30);
  const react = chance.pick<(readonly [number, Act])[]>([[], [[day, { kind: 'card' }]], [[day, subscribing(chance)]]]);
  return [refused, ...react];
}

function subscribing(chance: Chance): Act {
  const how = chance.weighed<'once' | 'second card' | 'two tabs' | 'abandoned'>([
    ...([
      [80, 'once'],
      [8, 'second card'],
      [6, 'two tabs'],
      [6, 'abandoned'],
    ] as const),
  ]);
  return { kind: 'subscribe', how };
}

/** What so many people will do in a year, in the order of its steps. */
export function planYear(people: number, chance: Chance): PlannedAct[] {
  const plan: PlannedAct[] = [];
  for (let ordinal = 0; ordinal < people; ordinal += 1) {
    const begins = chance.upTo(yearDays - 20);
    const add = (day: number, act: Act) => {
      const step = day * stepsADay + chance.upTo(stepsADay - 1);
      if (day < yearDays) plan.push({ step, ordinal, act });
    };
    add(begins, subscribing(chance));
    for (let day = begins + 1 + chance.upTo(28); day < yearDays; day += 30)
      for (const [after, act] of chance.weighed(months)(chance)) add(day + after, act);
  }
  return plan.toSorted((one, other) => one.step - other.step || one.ordinal - other.ordinal);
}
