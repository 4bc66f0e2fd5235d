import { createServer, type Server } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { openAiModel } from '../../src/providers/openai/client.js';

const megabyte = Buffer.alloc(1_024 * 1_024, 'x');
const megabytes = 200;

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test.each([400, 401, 429, 500])(
  'of an error with status %s that goes on for long no more than its beginning is read',
  async (status) => {
    let sent = 0;
    server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      const endless = Readable.from(
        (function* () {
          for (; sent < megabytes; sent += 1) yield megabyte;
        })(),
      );
      pipeline(endless, response, () => undefined);
    });
    const listening = server;
    const port = await new Promise<number>((resolve) => {
      listening.listen(0, '127.0.0.1', () => {
        const address = listening.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const model = openAiModel({
      apiKey: 'sk-secret',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      standardModel: 'standard',
      prices: new Map(),
      firstTokenTimeoutMs: 10_000,
      idleTimeoutMs: 10_000,
      totalTimeoutMs: 20_000,
      maxOutputTokens: 2_000,
      maxAnswerLength: 32_000,
    });
    const asked = async () => {
      const request = {
        model: 'standard',
        turns: [{ role: 'user' as const, content: 'Where do I start?' }],
        signal: new AbortController().signal,
        onUsage: () => undefined,
        onThought: () => undefined,
        onRefused: () => undefined,
      };
      for await (const _piece of model.streamChat(request));
    };
    await expect(asked()).rejects.toMatchObject({ code: 'AI_SERVICE_UNAVAILABLE' });
    expect(sent).toBeLessThan(megabytes / 2);
  },
);
