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

/** Which of these types a client likes best; undefined when it takes none of them. */
export function preferredType(accept: string | undefined, types: readonly string[]): string | undefined {
  return new Negotiator({ headers: { accept: accept || '*/*' } }).mediaType(types);
}

/** Whether a client would rather have a stream of events than one result. */
export function wantsEvents(accept: string | undefined): boolean {
  const preferred = preferredType(accept, [...answerTypes, ...eventTypes]);
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
