import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux (from 32768) and macOS (from 49152) give to whoever asks for any. */
const [leastPort, mostPort] = [20_000, 32_767];
const tries = 20;

/**
 * A port that is free now, for a server that has to be told its port beforehand, or to have it again after a restart.
 * The system gives it to nobody by itself, as it would one that was had with port 0 and let go. At random, so that two
 * tests which ask at once do not get the same.
 */
export async function freePort(): Promise<number> {
  for (let count = 0; count < tries; count += 1) {
    const port = randomInt(leastPort, mostPort + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port of ${tries} between ${leastPort} and ${mostPort} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  // Of all addresses, since it is taken when anybody has it on one of them.
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
