import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { HttpRefusal } from './refusal.js';

/** The first is what clients get that do not mind; a charset is accepted if it is the one that there is. */
const answerTypes = [
  'application/json',
  'application/graphql-response+json',
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
];

const eventTypes = ['text/event-stream', 'text/event-stream; charset=utf-8'];
const pageTypes = ['application/json', 'text/html'];
const allTypes = [...answerTypes, ...eventTypes];

/** What was found for each list of types and the headers that clients send, whose values are few. */
const known = new WeakMap<readonly string[], LRUCache<string, { readonly type: string | undefined }>>();
const maxKnown = { headers: 100, headerLength: 200 };

/** Which of these types a client likes best; undefined when it takes none of them. */
function preferredType(accept: string | undefined, types: readonly string[]): string | undefined {
  const header = accept || '*/*';
  if (header.length > maxKnown.headerLength) return findPreferred(header, types);
  const ofTypes = known.get(types) ?? new LRUCache({ max: maxKnown.headers });
  known.set(types, ofTypes);
  const found = ofTypes.get(header) ?? { type: findPreferred(header, types) };
  ofTypes.set(header, found);
  return found.type;
}

function findPreferred(accept: string, types: readonly string[]): string | undefined {
  return new Negotiator({ headers: { accept } }).mediaType(types);
}

/** Whether a client would rather have a page than JSON: a browser that was sent here by a person. */
export function prefersPage(accept: string | undefined): boolean {
  return preferredType(accept, pageTypes) === 'text/html';
}

/** Whether a client would rather have a stream of events than one result. */
export function wantsEvents(accept: string | undefined): boolean {
  const preferred = preferredType(accept, allTypes);
  return preferred !== undefined && eventTypes.includes(preferred);
}

/** The media type of a GraphQL result for this client. @throws VALIDATION_FAILED with status 406 */
export function answerType(accept: string | undefined): string {
  const found = preferredType(accept, answerTypes);
  if (found) return inUtf8(found);
  throw new HttpRefusal(406, `Accept ${answerTypes[1]} or ${answerTypes[0]}.`);
}

/** The same of a refusal: a client that takes no kind of result learns of it as JSON. */
export function refusalType(accept: string | undefined): string {
  return inUtf8(preferredType(accept, answerTypes) ?? 'application/json');
}

function inUtf8(type: string): string {
  return `${type.split(';', 1)[0]}; charset=utf-8`;
}
