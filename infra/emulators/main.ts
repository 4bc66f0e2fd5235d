import { startGoogleEmulator } from './google.js';
import { startOpenAiEmulator } from './openai.js';

/** One emulator alone: `main.js openai 4102` or `main.js google 4101 <client id>`; prints its address as JSON. */
const [provider, port = '0', clientId = 'perpetua-flow.emulated'] = process.argv.slice(2);
const options = { port: Number(port), clientId };
if (provider !== 'google' && provider !== 'openai') throw new Error('Say which: google or openai.');
const { url } = await (provider === 'google' ? startGoogleEmulator(options) : startOpenAiEmulator(options));
console.log(JSON.stringify({ url }));
