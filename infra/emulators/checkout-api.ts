import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  type Answer,
  actionOf,
  detailsOf,
  disputesIn,
  instrumentOf,
  invalid,
  listOf,
  notFound,
  refused,
} from './checkout-answers.js';
import type { Book } from './checkout-book.js';
import type { RequestKind } from './checkout-control.js';
import { cancel, charge, createPage, jsonOf, type Operated, refund, showPage } from './checkout-operations.js';
import type { ApiRequest, Parts } from './checkout-parts.js';

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  skip: z.coerce.number().int().min(0).default(0),
});
const DisputesQuery = ListQuery.extend({ limit: z.coerce.number().int().min(1).max(250).default(50) });

const Said = z.looseObject({ reference: z.string().optional(), source: z.looseObject({ id: z.string() }).optional() });

/** The answer to a request of the API; null where none comes. */
export async function answerApi(parts: Parts, request: ApiRequest): Promise<Answer | null> {
  const { method, path, headers } = request;
  const route = routeOf(method, path);
  if (!route) return notFound;
  const { kind, id } = route;
  parts.state.requests[kind] += 1;
  if (headers.authorization !== `Bearer ${parts.secretKey}`) return { status: 401 };
  const key = method === 'POST' && kind !== 'page' ? headers['cko-idempotency-key'] : undefined;
  const name = key === undefined ? undefined : `${path} ${String(key)}`;
  let hangs = false;
  const answer = await parts.keys.run(name, request.body, async () => {
    const { hang, delayMs, status } = parts.state.faultOf(kind, namesOf(parts.book, request, id));
    if (hang) {
      hangs = true;
      // Until then its key is in use.
      await request.gone;
      return { status: 504 };
    }
    // Unreferenced: once it is closed, an answer that is still due does not keep the process alive.
    if (delayMs) await pause(delayMs, undefined, { ref: false });
    if (status) return refused(status, 'emulated_failure', ['emulated_failure']);
    const operated = operations[kind](parts, request, id);
    if (!('answer' in operated)) return operated;
    hangs = operated.hangs ?? false;
    return operated.answer;
  });
  return hangs ? null : answer;
}

type Operation = (parts: Parts, request: ApiRequest, id: string) => Answer | Operated;

const operations: Readonly<Record<RequestKind, Operation>> = {
  page: (parts, request, id) => (request.method === 'POST' ? createPage(parts, request) : showPage(parts, request, id)),
  charge,
  read: ({ book }, _, id) => shown(book.payments.get(id), detailsOf),
  list: ({ book }, { query }) => {
    const asked = ListQuery.safeParse(Object.fromEntries(query));
    const found = query.get('reference');
    if (!asked.success || found === null) return invalid('reference_required');
    return { status: 200, body: listOf(book.withReference(found).map(detailsOf), asked.data) };
  },
  refund,
  cancel,
  actions: ({ book }, _, id) => shown(book.payments.get(id), ({ actions }) => actions.map(actionOf)),
  disputes: ({ book }, { query }) => {
    const asked = DisputesQuery.safeParse(Object.fromEntries(query));
    if (!asked.success) return invalid('paging_invalid');
    return { status: 200, body: listOf(disputesIn(book, query.get('payment_id')), asked.data) };
  },
  instrument: ({ book }, _, id) => shown(book.instruments.get(id), instrumentOf),
};

const routes: readonly { readonly pattern: RegExp; readonly kind: RequestKind }[] = [
  { pattern: /^POST \/hosted-payments$/, kind: 'page' },
  { pattern: /^GET \/hosted-payments\/(\w+)$/, kind: 'page' },
  { pattern: /^POST \/payments$/, kind: 'charge' },
  { pattern: /^GET \/payments$/, kind: 'list' },
  { pattern: /^GET \/payments\/(\w+)$/, kind: 'read' },
  { pattern: /^GET \/payments\/(\w+)\/actions$/, kind: 'actions' },
  { pattern: /^POST \/payments\/(\w+)\/refunds$/, kind: 'refund' },
  { pattern: /^POST \/payments\/(\w+)\/cancellations$/, kind: 'cancel' },
  { pattern: /^GET \/disputes$/, kind: 'disputes' },
  { pattern: /^GET \/instruments\/(\w+)$/, kind: 'instrument' },
];

function routeOf(method: string, path: string): { kind: RequestKind; id: string } | null {
  for (const { pattern, kind } of routes) {
    const found = pattern.exec(`${method} ${path}`);
    if (found) return { kind, id: found[1] ?? '' };
  }
  return null;
}

function shown<Thing>(thing: Thing | undefined, show: (thing: Thing) => object): Answer {
  return thing ? { status: 200, body: show(thing) } : notFound;
}

/** What a behaviour may be meant for by. */
function namesOf(book: Book, { body, query }: ApiRequest, id: string): string[] {
  const about = book.payments.get(id) ?? book.payments.get(query.get('payment_id') ?? '');
  const said = Said.safeParse(jsonOf(body)).data;
  const names = [id, about?.id, about?.reference, about?.instrument.id];
  return [...names, query.get('reference'), said?.reference, said?.source?.id].filter(
    (name) => typeof name === 'string',
  );
}
