import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Pool } from 'pg';
import { z } from 'zod';

const Event = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({ id: z.string(), reference: z.string() }),
});

const insertText = `insert into billing.payment_event
    (id, provider, event_id, type, payment_id, reference, state, reason, attempts, due_at, body, received_at, processed_at)
  values ($1, 'CHECKOUT', $2, $3, $4, $5, 'RECEIVED', null, 0, $6, null, $6, null)
  on conflict (provider, event_id) do nothing returning id`;

/** Verifies an event by its bytes and stores it once. Answers the status. */
export async function storeEvent(pool: Pool, secret: string, request: IncomingMessage): Promise<number> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const given = Buffer.from(String(request.headers['cko-signature']), 'hex');
  const wanted = createHmac('sha256', secret).update(bytes).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 401;
  const { id, type, data } = Event.parse(JSON.parse(bytes.toString()));
  const values = [randomUUID(), id, type, data.id, data.reference, new Date()];
  await pool.query({ name: 'event', text: insertText, values });
  return 200;
}
