import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Brings the body of a request to the disk, hashed on its way. Answers the hash. */
export async function receive(request: IncomingMessage, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const hash = createHash('sha256');
  request.on('data', (chunk: Buffer) => hash.update(chunk));
  await pipeline(request, createWriteStream(join(folder, randomUUID()), { flush: true }));
  return hash.digest('hex');
}
