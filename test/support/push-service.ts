import { request } from 'node:https';
import type { PushEmulator, PushedMessage } from '../../infra/emulators/push.js';

/** A browser that has subscribed at the stand-in; its keys stay there. */
export interface Browser {
  readonly id: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** The stand-in for browsers and their push service, as tests talk to it. */
export class PushService {
  constructor(private readonly emulator: PushEmulator) {}

  /** A new browser. */
  async subscribe(): Promise<Browser> {
    return this.#ask('POST', '/subscriptions');
  }

  /** What a browser got, oldest first. */
  async messages({ id }: Browser): Promise<readonly PushedMessage[]> {
    const { messages } = await this.#ask<{ messages: readonly PushedMessage[] }>(
      'GET',
      `/subscriptions/${id}/messages`,
    );
    return messages;
  }

  /** Tells it how to answer pushes. */
  async control(behaviour: object): Promise<void> {
    await this.#ask('POST', '/_control', behaviour);
  }

  /** How many pushes came. */
  async requests(): Promise<number> {
    return (await this.#ask<{ requests: number }>('GET', '/_control')).requests;
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  /** Over TLS, with the stand-in's own certificate trusted: `fetch` cannot be told to. */
  async #ask<T>(method: string, path: string, body: object = {}): Promise<T> {
    const { url, certificate: ca } = this.emulator;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    request(`${url}${path}`, { method, ca, agent: false, signal: AbortSignal.timeout(10_000) }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('error', reject).on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`The stand-in answered ${response.statusCode}: ${text}`));
      });
    })
      .on('error', reject)
      .end(method === 'POST' ? JSON.stringify(body) : undefined);
    const answer: T = JSON.parse(await promise);
    return answer;
  }
}
