import { startDeepgramEmulator } from './deepgram.js';
import { startGoogleEmulator } from './google.js';
import { startOpenAiEmulator } from './openai.js';
import { startPushEmulator } from './push.js';
import type { Emulator } from './server.js';

/** One emulator alone: `main.js openai 4102`, `push 4103`, `deepgram 4104` or `google 4101 <client id>`; prints its address as JSON. */
const [provider = '', port = '0', clientId = 'perpetua-flow.emulated'] = process.argv.slice(2);
const emulators: Readonly<Record<string, (port: number) => Promise<Emulator>>> = {
  google: (port) => startGoogleEmulator({ port, clientId }),
  openai: (port) => startOpenAiEmulator({ port }),
  deepgram: (port) => startDeepgramEmulator({ port }),
  push: (port) => startPushEmulator({ port }),
};
const start = emulators[provider];
if (!start) throw new Error(`Say which: ${Object.keys(emulators).join(', ')}.`);
const { url } = await start(Number(port));
console.log(JSON.stringify({ url }));
