import { z } from 'zod';
import type { AiActionState } from '../../../entities/assistant/action.js';
import type { ChatTurn, ToolCall } from '../../kernel/context.js';

/** Characters of a call, as JSON, that the model is told again; of a longer one it hears in words. */
export const maxCallLength = 1_000;

/** A proposal as the model is told of it later. */
export interface ToldAction {
  /** Null where it is too long to be told. */
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
  const told = actions.flatMap((action) =>
    action.call === null ? [] : [{ ...action, call: Call.parse(action.call) }],
  );
  const inWords = actions.filter(({ call }) => call === null).map((action) => `Proposed: ${outcomeOf(action)}`);
  const said = [...(content === '' ? [] : [content]), ...inWords].join('\n');
  if (told.length === 0) return [{ role: 'assistant', content: said }];
  const toolCalls = told.map(({ call }): ToolCall => call);
  const results = told.map(
    (action): ChatTurn => ({ role: 'tool', toolCallId: action.call.id, content: outcomeOf(action) }),
  );
  return [{ role: 'assistant', content: said, toolCalls }, ...results];
}

function outcomeOf({ summary, state, resultId }: ToldAction): string {
  return `${summary}: ${outcomes[state]}${resultId === null ? '' : ` Id ${resultId}.`}`;
}

/** Characters that proposals add to what is told of their answer. */
export function toldLength(actions: readonly ToldAction[]): number {
  return actions.reduce((sum, action) => {
    const call = action.call === null ? 0 : JSON.stringify(action.call).length;
    return sum + call + outcomeOf(action).length;
  }, 0);
}
