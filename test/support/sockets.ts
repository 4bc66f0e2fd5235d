import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Person } from './person.js';

/** Opens a socket that follows something, and answers how it is closed. */
export async function closingOf(
  person: Person,
  document: TypedDocumentNode<unknown, Record<string, never>>,
): Promise<{ closed: Promise<{ code: number }> }> {
  const client = person.newSocket();
  const closed = new Promise<{ code: number }>((resolve) => {
    client.on('closed', (event) => {
      resolve({ code: typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : 0 });
    });
  });
  const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  (async () => {
    for await (const _ of person.follow(document, {}, client));
  })().catch(() => undefined);
  await connected;
  return { closed };
}
