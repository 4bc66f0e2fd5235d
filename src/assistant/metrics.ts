import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import { defineCounter, defineHistogram } from '../kernel/metrics.js';

export const answersEnded = defineCounter('assistant_answers_total', 'Assistant answers by how they ended.', {
  state: [ChatMessageState.COMPLETE, ChatMessageState.STOPPED, ChatMessageState.FAILED],
});

export const firstToken = defineHistogram(
  'assistant_first_token_seconds',
  "From the request to the provider's first token.",
  {},
  [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
);
