import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** An event as it came. */
interface Received {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** Whether the secret of the receiver signs it. */
  readonly isSigned: boolean;
}

/** Somebody who listens to events. */
export interface Receiver {
  readonly url: string;
  readonly events: Received[];
  /** What the next ones are answered with; 200 when there is none left. */
  readonly answers: number[];
  close(): Promise<void>;
}

/** Listens on any free port. */
export async function openReceiver(secret: string): Promise<Receiver> {
  const events: Received[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const isSigned = request.headers['cko-signature'] === createHmac('sha256', secret).update(body).digest('hex');
    const [, id = ''] = /"id":"(evt_\w+)"/.exec(body) ?? [];
    const [, type = ''] = /"type":"(\w+)"/.exec(body) ?? [];
    events.push({ id, type, body, isSigned });
    response.writeHead(answers.shift() ?? 200).end();
  }).listen(0);
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' ? address?.port : 0}/events`,
    events,
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
