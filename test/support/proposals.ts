import { ChatStream, type ChatStreamSubscription, SendChatMessage } from '../../generated/documents.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';

type Event = ChatStreamSubscription['chatStream'];
/** A proposal as its stream shows it. */
export type Proposed = Extract<Event, { __typename: 'ChatActionProposed' }>['action'];

/** What a model is to call. */
export interface Call {
  readonly name: string;
  readonly arguments: unknown;
}

/** Asks the assistant, whose model makes these calls, and answers all that its stream says. */
export async function askWith(
  world: Pick<Harness, 'model'>,
  person: Person,
  toolCalls: readonly Call[],
  { text = 'Here is what I would do.', content = 'What now?' } = {},
): Promise<Event[]> {
  await world.model({ text, toolCalls, tokensPerSecond: 0, times: 1 });
  const { answer } = (await person.ok(SendChatMessage, { input: { content } })).sendChatMessage;
  const events: Event[] = [];
  for await (const { chatStream } of person.follow(ChatStream, { messageId: answer.id, after: 0 }))
    events.push(chatStream);
  return events;
}

/** What the assistant proposes when its model makes these calls. */
export async function propose(
  world: Pick<Harness, 'model'>,
  person: Person,
  ...calls: readonly Call[]
): Promise<Proposed[]> {
  const events = await askWith(world, person, calls);
  return events.flatMap((event) => (event.__typename === 'ChatActionProposed' ? [event.action] : []));
}

/** One proposal. */
export async function proposeOne(
  world: Pick<Harness, 'model'>,
  person: Person,
  name: string,
  given: unknown,
): Promise<Proposed> {
  const [action] = await propose(world, person, { name, arguments: given });
  if (!action) throw new Error('Nothing was proposed.');
  return action;
}
