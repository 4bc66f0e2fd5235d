import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** Lets a server of the test's own answer for as long as `use` takes; null: nobody listens at that address. */
export async function withServer<T>(
  listener: RequestListener | null,
  use: (baseUrl: string) => Promise<T>,
): Promise<T> {
  const server = createServer(listener ?? undefined).listen(0);
  await once(server, 'listening');
  const address = server.address();
  const baseUrl = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  if (!listener) await close();
  try {
    return await use(baseUrl);
  } finally {
    if (listener) await close();
  }
}
