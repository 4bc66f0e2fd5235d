import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { sampleCheckoutWebhookSecret } from '../../src/config.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });
const path = '/api/v1/webhooks/checkout';

/** Sends all of a body but its end, with what looks like a signature. */
function floodFrom(bytes: number): { readonly socket: Socket; readonly answer: Promise<string> } {
  const { hostname, port } = new URL(world.url);
  const socket = connect(Number(port), hostname);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${hostname}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes}`,
    `cko-signature: ${'0'.repeat(64)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(Buffer.alloc(bytes - 1, 'x'));
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (piece) => {
      text += piece;
    });
    socket.on('error', () => undefined).once('close', () => resolve(text.split('\r\n')[0] ?? ''));
  });
  return { socket, answer };
}

test('bodies that look signed and do not end take so much memory and no more, and keep no event away', async () => {
  const flood = Array.from({ length: 60 }, () => floodFrom(990_000));
  try {
    const body = JSON.stringify({ id: 'evt_1', type: 'something', version: '1.0.0', data: {} });
    const signature = createHmac('sha256', sampleCheckoutWebhookSecret).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'cko-signature': signature };
    // 60 of them do not fit into 32 MB: at least 28 have to go before their time.
    const refused = new Set<string>();
    let gone = 0;
    await new Promise<void>((resolve) => {
      for (const { answer } of flood)
        void answer.then((line) => {
          refused.add(line);
          gone += 1;
          if (gone === 28) resolve();
        });
    });
    expect([...refused]).toEqual(['HTTP/1.1 408 Request Timeout']);
    const answer = await fetch(`${world.url}${path}`, { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
    expect(flood.some(({ socket }) => !socket.destroyed)).toBe(true);
  } finally {
    for (const { socket } of flood) socket.destroy();
  }
});
