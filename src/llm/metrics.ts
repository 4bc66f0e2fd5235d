import { RunPurpose, RunState } from '../../entities/llm/run.js';
import { anyOfFew, defineCounter, defineHistogram } from '../kernel/metrics.js';

const purpose = Object.values(RunPurpose);

export const runsEnded = defineCounter('llm_runs_total', 'Runs of language models by how they ended.', {
  purpose,
  state: [RunState.COMPLETE, RunState.STOPPED, RunState.FAILED],
});

export const firstText = defineHistogram(
  'llm_first_text_seconds',
  "From the request to the model's first text.",
  { purpose },
  [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
);

export const tokensUsed = defineCounter('llm_tokens_total', 'Tokens that language models have read and written.', {
  model: anyOfFew,
  direction: ['input', 'output'],
});

export const costs = defineCounter(
  'llm_cost_micro_dollars_total',
  'What providers charge for runs, in millionths of a dollar, where the price of the model is known.',
  { model: anyOfFew },
);
