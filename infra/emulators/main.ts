import { startCheckoutEmulator } from './checkout.js';
import { startDeepgramEmulator } from './deepgram.js';
import { startGoogleEmulator } from './google.js';
import { startOpenAiEmulator } from './openai.js';
import { startPushEmulator } from './push.js';
import { startS3Emulator } from './s3.js';
import type { Emulator } from './server.js';

/**
 * One emulator alone: `main.js openai 4102`, `push 4103`, `deepgram 4104`, `checkout 4105 <webhook address>`,
 * `google 4101 <client id>` or `s3 4106 <folder>`;
 * prints its address as JSON.
 */
const [provider = '', port = '0', own] = process.argv.slice(2);
const emulators: Readonly<Record<string, (port: number) => Promise<Emulator>>> = {
  google: (port) => startGoogleEmulator({ port, clientId: own ?? 'perpetua-flow.emulated' }),
  openai: (port) => startOpenAiEmulator({ port }),
  deepgram: (port) => startDeepgramEmulator({ port }),
  checkout: (port) =>
    startCheckoutEmulator({
      port,
      secretKey: 'emulated',
      webhookSecret: 'emulated-webhook-secret',
      tickEveryMs: 1_000,
      ...(own === undefined ? {} : { webhookUrl: own }),
    }),
  push: (port) => startPushEmulator({ port }),
  s3: (port) =>
    startS3Emulator({
      port,
      folder: own ?? '.local/s3',
      buckets: ['files'],
      accessKeyId: 'emulated',
      secretAccessKey: 'emulated-secret',
    }),
};
const start = emulators[provider];
if (!start) throw new Error(`Say which: ${Object.keys(emulators).join(', ')}.`);
const { url } = await start(Number(port));
console.log(JSON.stringify({ url }));
