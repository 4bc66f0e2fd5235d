import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Finding } from '../admin/finding.js';
import { newClient, ok, patienceMs, reasonOf, type Variables, wrong } from './check.js';
import { directUrlOf } from './database-url.js';

const check = 'line';

/** Whether a NOTIFY of one session reaches another that listens, as news travel between processes. */
export async function checkLine(variables: Variables): Promise<readonly Finding[]> {
  const url = directUrlOf(variables);
  const [listener, sender] = [newClient(url), newClient(url)];
  const channel = `doctor_${randomUUID().replaceAll('-', '')}`;
  try {
    await Promise.all([listener.connect(), sender.connect()]);
    const heard = once(listener, 'notification', { signal: AbortSignal.timeout(patienceMs) });
    // Awaited below, unless what comes before fails.
    heard.catch(() => undefined);
    await listener.query(`listen ${channel}`);
    await sender.query(`notify ${channel}`);
    await heard;
    return [ok(check, 'What one process rings, another hears.')];
  } catch (error) {
    const advice = 'Lead DIRECT_URL to PostgreSQL itself, or to a pooler in session mode.';
    return [wrong(check, `A NOTIFY was not heard: ${reasonOf(error)}.`, advice)];
  } finally {
    await Promise.all([listener.end(), sender.end()]);
  }
}
