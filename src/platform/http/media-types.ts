import Negotiator from 'negotiator';
import { recentlyUsed } from '../recently-used.js';
import { HttpRefusal } from './refusal.js';

/** The first is what clients get that do not mind; a charset is accepted if it is the one that there is. */
const answerTypes = [
  'application/json',
  'application/graphql-response+json',
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
];

const eventTypes = ['text/event-stream', 'text/event-stream; charset=utf-8'];

/** Headers that are remembered with what was found for them: their values are few. */
const maxKnown = { headers: 100, headerLength: 200 };

/** Answers which of these types a client likes best; undefined when it takes none of them. */
function preferenceAmong(types: readonly string[]): (accept: string | undefined) => string | undefined {
  const known = recentlyUsed<{ readonly type: string | undefined }>(maxKnown.headers);
  return (accept) => {
    const header = accept || '*/*';
    const found = known.get(header);
    if (found) return found.type;
    const type = findPreferred(header, types);
    if (header.length <= maxKnown.headerLength) known.set(header, { type });
    return type;
  };
}

function findPreferred(accept: string, types: readonly string[]): string | undefined {
  return new Negotiator({ headers: { accept } }).mediaType(types);
}

const preferredResult = preferenceAmong(answerTypes);
const preferredAnswer = preferenceAmong([...answerTypes, ...eventTypes]);
const preferredPage = preferenceAmong(['application/json', 'text/html']);

/** Whether a client would rather have a page than JSON: a browser that was sent here by a person. */
export function prefersPage(accept: string | undefined): boolean {
  return preferredPage(accept) === 'text/html';
}

/** Whether a client would rather have a stream of events than one result. */
export function wantsEvents(accept: string | undefined): boolean {
  const preferred = preferredAnswer(accept);
  return preferred !== undefined && eventTypes.includes(preferred);
}

/** The media type of a GraphQL result for this client. @throws VALIDATION_FAILED with status 406 */
export function answerType(accept: string | undefined): string {
  const found = preferredResult(accept);
  if (found) return inUtf8(found);
  throw new HttpRefusal(406, `Accept ${answerTypes[1]} or ${answerTypes[0]}.`);
}

/** The same of a refusal: a client that takes no kind of result learns of it as JSON. */
export function refusalType(accept: string | undefined): string {
  return inUtf8(preferredResult(accept) ?? 'application/json');
}

function inUtf8(type: string): string {
  return `${type.split(';', 1)[0]}; charset=utf-8`;
}
