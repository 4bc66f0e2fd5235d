import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser';

/** UTF-16 code units of one event at most. */
const maxEventLength = 4_000_000;

/**
 * Reads an event stream (text/event-stream), and yields together what has come together: a reader that takes each event
 * by itself spends more on waiting for it than on the event. The last one may lack the blank line behind it.
 * @throws what the body does; an error for an event that is too long
 */
export async function* readEventStream(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly EventSourceMessage[], void, undefined> {
  const decoder = new TextDecoder();
  let events: EventSourceMessage[] = [];
  let fault: ParseError | null = null;
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onEvent: (event) => events.push(event),
    // Fields that are not known are no fault.
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') fault = error;
    },
  });
  const read = (text: string) => {
    parser.feed(text);
    if (fault) throw fault;
    const found = events;
    events = [];
    return found;
  };
  for await (const bytes of body) {
    const found = read(decoder.decode(bytes, { stream: true }));
    if (found.length > 0) yield found;
  }
  const last = read(`${decoder.decode()}\n\n`);
  if (last.length > 0) yield last;
}
