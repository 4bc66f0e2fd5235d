import { z } from 'zod';
import type { AiActionState } from '../../../entities/assistant/action.js';
import type { ChatTurn, ToolCall } from '../../kernel/context.js';

/** A proposal as the model is told of it later. */
export interface ToldAction {
  readonly call: unknown;
  readonly state: AiActionState;
  readonly summary: string;
  readonly resultId: string | null;
}

const Call = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.unknown(),
  extraContent: z.unknown().optional(),
});

const outcomes: Readonly<Record<AiActionState, string>> = {
  PENDING: 'The user has not decided yet; nothing was done.',
  CONFIRMED: 'The user confirmed it, and it was done.',
  REJECTED: 'The user did not want it; nothing was done.',
  EXPIRED: 'The user did not decide in time; nothing was done.',
  UNDONE: 'The user confirmed it, and has taken it back since.',
};

/** An answer as a turn, with what it has proposed, and behind it what became of that. */
export function turnsOfActions(content: string, actions: readonly ToldAction[]): ChatTurn[] {
  if (actions.length === 0) return [{ role: 'assistant', content }];
  const calls = actions.map(({ call }): ToolCall => Call.parse(call));
  const results = actions.map(
    ({ state, summary, resultId }, index): ChatTurn => ({
      role: 'tool',
      toolCallId: calls[index]?.id ?? '',
      content: `${summary}: ${outcomes[state]}${resultId === null ? '' : ` Id ${resultId}.`}`,
    }),
  );
  return [{ role: 'assistant', content, toolCalls: calls }, ...results];
}
