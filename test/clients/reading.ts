import type { ChatStreamSubscription } from '../../generated/graphql.js';

type ChatEvent = ChatStreamSubscription['chatStream'];

/** An answer as far as it has been read. */
export interface Answer {
  readonly text: string;
  readonly state: 'STREAMING' | 'COMPLETE' | 'STOPPED' | 'FAILED';
}

/**
 * The answer with one more event. A client that reconnects asks from where it began, and is told again what it knows:
 * a delta says where it ends, so nothing is doubled.
 */
export function readOn(answer: Answer, event: ChatEvent): Answer {
  if (event.__typename === 'ChatFinished') return { text: event.message.content, state: event.message.state };
  // Proposals stand beside the text: the whole message has them as well.
  if (event.__typename === 'ChatActionProposed') return answer;
  const begin = event.position - event.text.length;
  return { ...answer, text: answer.text.slice(0, begin) + event.text };
}
