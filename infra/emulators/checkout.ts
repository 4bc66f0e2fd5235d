import { Acquirer } from './checkout-acquirer.js';
import { send } from './checkout-answers.js';
import { answerApi } from './checkout-api.js';
import { Book, type BookedPayment, bookedIn } from './checkout-book.js';
import { Control, ControlState } from './checkout-control.js';
import { IdempotencyKeys } from './checkout-idempotency.js';
import { pageIdOf, servePage } from './checkout-page.js';
import type { Parts } from './checkout-parts.js';
import type { WebhookEvent } from './checkout-post.js';
import {
  type DisputeScript,
  dispute,
  type PayScript,
  pay,
  type RefundScript,
  refund,
  runScript,
  type Scripted,
} from './checkout-scripts.js';
import { type Delivered, type Delivery, Webhooks } from './checkout-webhooks.js';
import { type Emulator, type Handler, type ListenOptions, readJson, sendJson, startServer } from './server.js';

/** Where it listens, whom it knows, and by which clock it goes. */
export interface CheckoutEmulatorOptions extends ListenOptions {
  readonly secretKey: string;
  /** Signs events. */
  readonly webhookSecret: string;
  /** Where events go; nowhere when not given, until `control` says so. */
  readonly webhookUrl?: string;
  /** By which everything is dated, expires and is tried again; the machine's time when not given. */
  readonly now?: () => Date;
  /** Between two looks at what is due; when not given, it is done when `tick` is asked. */
  readonly tickEveryMs?: number;
  /** Payments, and pages, that are kept at most; 10,000 when not given. */
  readonly maxPayments?: number;
}

/** A running stand-in, which can be asked without HTTP what its `_…` routes can be. */
export interface CheckoutEmulator extends Emulator {
  /** @throws z.ZodError for what is no control */
  control(next: Control): void;
  /** All payments, the earliest first. */
  books(): BookedPayment[];
  /** @throws BadRequest when nothing with this reference can be paid */
  pay(script: PayScript): Scripted;
  /** @throws BadRequest */
  refund(script: RefundScript): Scripted;
  /** @throws BadRequest */
  dispute(script: DisputeScript): Scripted;
  /** Decides what is pending, and tries again what is due. */
  tick(): void;
  /** The events that wait, in the order in which they happened, for a test that sends them by itself. */
  kept(): WebhookEvent[];
  /** Sends the events that are kept, once, and waits for the answers. */
  deliver(delivery?: Delivery): Promise<Delivered[]>;
}

const quiet = { silent: false, hold: false, duplicates: 0, reorder: false, webhookDelayMs: 0 };
const unspoilt = { drop: 0, malformed: 0, badSignature: 0 };

/** Stands in for Checkout.com: its API, its payment page and its events. @throws the server's own error, such as EADDRINUSE */
export async function startCheckoutEmulator(options: CheckoutEmulatorOptions): Promise<CheckoutEmulator> {
  const { secretKey, webhookSecret, webhookUrl = null, now = () => new Date(), maxPayments = 10_000 } = options;
  const book = new Book(maxPayments);
  const webhooks = new Webhooks({ webhookUrl, webhookSecret, ...quiet, ...unspoilt });
  const acquirer = new Acquirer(book, webhooks, now);
  const state = new ControlState(webhooks.settings);
  const parts: Parts = { book, acquirer, state, keys: new IdempotencyKeys(now), secretKey, now };
  const emulator = await startServer(handlerOf(parts, webhooks), options);
  const ticking =
    options.tickEveryMs === undefined ? undefined : setInterval(() => acquirer.tick(), options.tickEveryMs);
  return {
    ...emulator,
    control: (next) => control(parts, webhooks, Control.parse(next)),
    books: () => bookedIn(book),
    pay: (script) => pay(parts, script),
    refund: (script) => refund(parts, script),
    dispute: (script) => dispute(parts, script),
    tick: () => acquirer.tick(),
    kept: () => webhooks.kept,
    deliver: (delivery) => webhooks.deliver(delivery),
    close: async () => {
      clearInterval(ticking);
      await webhooks.close();
      await emulator.close();
    },
  };
}

function handlerOf(parts: Parts, webhooks: Webhooks): Handler {
  return async (request, response) => {
    const { method, path, body, headers } = request;
    if (path === '/_control') {
      if (method === 'POST') control(parts, webhooks, readJson(Control, body));
      return sendJson(response, 200, shown(parts, webhooks));
    }
    if (path === '/_books') return sendJson(response, 200, { payments: bookedIn(parts.book) });
    const page = parts.book.pages.get(pageIdOf(path) ?? '');
    if (page) return servePage(parts, page, request, response);
    const scripted = method === 'POST' ? await runScript(parts, webhooks, path, body) : null;
    if (scripted) return sendJson(response, 200, scripted);
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    const answer = await answerApi(parts, { ...request, origin: `http://${headers.host}`, gone });
    if (answer && !response.destroyed) send(response, answer);
  };
}

/** What is held no more goes out; what was to go out before a reset does not. */
function control({ state, keys }: Parts, webhooks: Webhooks, next: Control): void {
  if (next.reset) {
    webhooks.clear();
    keys.clear();
  }
  state.set(next);
  if (!webhooks.settings.hold) webhooks.release();
}

function shown({ state, keys }: Parts, { waiting, delivered, givenUp }: Webhooks): object {
  return { ...state.show(), deliveries: { waiting, delivered, givenUp }, reusedKeys: keys.otherBodies };
}
