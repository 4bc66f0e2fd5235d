import type OpenAI from 'openai';
import type { ChatTurn, JsonSchema, Tool, ToolCall } from './language-model.js';

/** What the model is told, as the protocol has it. */
export function messagesOf(turns: readonly ChatTurn[]): OpenAI.ChatCompletionMessageParam[] {
  return turns.map((turn) => {
    if (turn.role === 'tool') return { role: 'tool', tool_call_id: turn.toolCallId, content: turn.content };
    if (turn.role !== 'assistant' || !turn.toolCalls?.length) return { role: turn.role, content: turn.content };
    return {
      role: 'assistant',
      // An empty text is refused by some.
      content: turn.content === '' ? null : turn.content,
      tool_calls: turn.toolCalls.map(messageOfCall),
    };
  });
}

function messageOfCall({ id, name, arguments: value, extraContent }: ToolCall): OpenAI.ChatCompletionMessageToolCall {
  return {
    id,
    type: 'function',
    function: { name, arguments: argumentsOf(value) },
    ...(extraContent === undefined ? {} : { extra_content: extraContent }),
  };
}

/**
 * Arguments as text. Servers parse them again for their templates, and refuse all that follows in the conversation for what
 * is no object: the turn of role `tool` says what was wrong.
 * @see https://github.com/vllm-project/vllm/issues/43995
 * @see https://github.com/sgl-project/sglang/pull/28035
 */
function argumentsOf(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : '{}';
}

/** The tools that are offered; no field at all without any, since an empty list is refused by OpenAI and Mistral. */
export function toolsOf(tools: readonly Tool[]): Pick<OpenAI.ChatCompletionCreateParams, 'tools'> {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters: { ...parameters } },
    })),
  };
}

/** The turns, with the schema that the answer must fit in the first one. */
export function withSchema(turns: readonly ChatTurn[], schema: JsonSchema): readonly ChatTurn[] {
  const rule = `Answer with JSON alone, without any other text. It fits this JSON schema: ${JSON.stringify(schema)}`;
  const [first, ...rest] = turns;
  if (first?.role !== 'system') return [{ role: 'system', content: rule }, ...turns];
  return [{ role: 'system', content: `${first.content}\n\n${rule}` }, ...rest];
}
