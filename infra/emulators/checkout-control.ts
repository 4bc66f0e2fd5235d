import { z } from 'zod';
import { Behaviours } from './behaviours.js';
import type { Outcome } from './checkout-acquirer.js';
import { type Card, ownRefusal, refusalOf } from './checkout-cards.js';
import type { WebhookSettings } from './checkout-post.js';

/** What can be asked of the API. */
const requestKinds = [
  'page',
  'charge',
  'read',
  'list',
  'refund',
  'cancel',
  'actions',
  'disputes',
  'instrument',
] as const;
export type RequestKind = (typeof requestKinds)[number];

const decline = z.strictObject({
  code: z.string().min(1),
  summary: z.string().optional(),
  recommendationCode: z.string().optional(),
  adviceCode: z.string().optional(),
});

/** How payments go. */
const outcomes = {
  decline: decline.optional(),
  /** A refused charge is tried again by itself. */
  retrySchedule: z
    .strictObject({ afterMs: z.int().min(1), attempts: z.int().min(1), outcome: z.enum(['captured', 'declined']) })
    .optional(),
  /** Decided later: 202. */
  pending: z.boolean().optional(),
  /** Promised, and not taken. */
  authorizeOnly: z.boolean().optional(),
  /** Done, and never answered. */
  chargeThenHang: z.boolean().optional(),
};

/** How requests go, before anything is done. */
const faults = {
  /** Only for this kind of requests. */
  request: z.enum(requestKinds).optional(),
  /** Fails with it. */
  status: z.int().min(400).max(599).optional(),
  /** Never answered. */
  hang: z.boolean().optional(),
  /** Milliseconds before the answer. */
  delayMs: z.int().min(0).max(600_000).optional(),
};

const count = z.int().min(0).max(1_000);

/** How webhooks go. */
const webhooks = {
  webhookUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .optional(),
  webhookSecret: z.string().min(1).optional(),
  silent: z.boolean().optional(),
  hold: z.boolean().optional(),
  duplicates: count.optional(),
  reorder: z.boolean().optional(),
  webhookDelayMs: z.int().min(0).max(600_000).optional(),
  drop: count.optional(),
  malformed: count.optional(),
  badSignature: count.optional(),
};

/** What `POST /_control` takes; see the README beside this file. */
export const Control = z.strictObject({
  reset: z.boolean().optional(),
  /** Only for payments with this reference, instrument, card number or id. */
  match: z.string().min(1).optional(),
  /** For so many requests or payments; for all when not given. */
  times: z.int().min(1).optional(),
  ...outcomes,
  ...faults,
  ...webhooks,
});
export type Control = z.infer<typeof Control>;

/** What a fault is for, as `Behaviours` knows it. */
const FaultKey = z.object({ request: z.string().optional(), match: z.string().optional() });

type Common = Pick<Control, 'match' | 'times' | 'reset'>;
type OutcomeBehaviour = Common & Pick<Control, keyof typeof outcomes>;
type FaultBehaviour = Common & Pick<Control, keyof typeof faults>;

/** The behaviours in force and what has been asked; one a server. */
export class ControlState {
  readonly #outcomes = new Behaviours<OutcomeBehaviour>(({ match }) => match);
  readonly #faults = new Behaviours<FaultBehaviour>(({ match, request }) =>
    match === undefined && request === undefined ? undefined : JSON.stringify({ request, match }),
  );
  /** What came, whatever became of it. */
  requests: Record<RequestKind, number> = noRequests();

  constructor(
    private readonly settings: WebhookSettings,
    private readonly standard = { ...settings },
  ) {}

  /** Puts behaviours in force, each in place of the one that was for the same. */
  set(next: Control): void {
    const { reset, match, times } = next;
    const common = { reset, match, times };
    if (reset) {
      // Where events go, and what signs them, is no behaviour.
      const { webhookUrl, webhookSecret } = this.settings;
      Object.assign(this.settings, this.standard, { webhookUrl, webhookSecret });
      this.requests = noRequests();
    }
    if (reset || isGiven(next, outcomes)) this.#outcomes.set({ ...common, ...own(next, outcomes) });
    if (reset || isGiven(next, faults)) this.#faults.set({ ...common, ...own(next, faults) });
    Object.assign(this.settings, own(next, webhooks));
  }

  /** How a request goes that is about any of these. */
  faultOf(kind: RequestKind, names: readonly string[]): FaultBehaviour {
    const fault = this.#faults.take((key) => {
      const { request = kind, match } = FaultKey.parse(JSON.parse(key));
      return request === kind && (match === undefined || names.includes(match));
    });
    return fault ?? {};
  }

  /** How a payment goes that is about any of these. */
  outcomeOf(names: readonly string[], card: Card, now: Date): Outcome & { readonly hangs: boolean } {
    const asked = this.#outcomes.take((match) => names.includes(match)) ?? {};
    const { decline, retrySchedule = null } = asked;
    const forced = decline ?? (retrySchedule ? { code: '20051' } : null);
    return {
      refusal: forced ? refusalOf(forced.code, forcedParts(forced)) : ownRefusal(card, now),
      retrySchedule,
      isPending: asked.pending ?? false,
      isHeld: asked.authorizeOnly ?? false,
      hangs: asked.chargeThenHang ?? false,
    };
  }

  /** What `GET /_control` shows. */
  show(): object {
    const { webhookSecret: _, ...webhooks } = this.settings;
    const behaviours = [...this.#outcomes.show(), ...this.#faults.show()];
    return { behaviours, requests: this.requests, webhooks };
  }
}

function forcedParts({ summary, recommendationCode, adviceCode }: z.infer<typeof decline>) {
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(recommendationCode === undefined ? {} : { recommendationCode }),
    ...(adviceCode === undefined ? {} : { adviceCode }),
  };
}

function isGiven(next: Control, shape: object): boolean {
  return Object.keys(own(next, shape)).length > 0;
}

/** The fields of a shape that were given. */
function own<Shape extends object>(next: Control, shape: Shape): Partial<Pick<Control, keyof Shape & keyof Control>> {
  const given = Object.entries(next).filter(([name, value]) => Object.hasOwn(shape, name) && value !== undefined);
  const picked: Partial<Pick<Control, keyof Shape & keyof Control>> = {};
  return Object.assign(picked, Object.fromEntries(given));
}

function noRequests(): Record<RequestKind, number> {
  return { page: 0, charge: 0, read: 0, list: 0, refund: 0, cancel: 0, actions: 0, disputes: 0, instrument: 0 };
}
