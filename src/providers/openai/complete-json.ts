import type { Question } from './endpoint.js';
import type { ChatRequest, JsonRequest } from './language-model.js';
import { messagesOf, withSchema } from './messages.js';
import { readAnswer, type Server } from './read-answer.js';
import { parseStorable } from './storable.js';
import { unavailable } from './unavailable.js';

/** @see LanguageModel.completeJson. The answer is streamed all the same, so that the limits between its pieces hold. */
export async function completeJson(server: Server, request: JsonRequest): Promise<unknown> {
  const { apiKey } = server.options;
  let text = '';
  let isCut = false;
  const onEnd: ChatRequest['onEnd'] = ({ reason }) => {
    isCut = reason === 'length';
  };
  const pieces = readAnswer({ ...server, request, ways: waysOf(request), offersTools: false, onEnd });
  for await (const piece of pieces) text += piece;
  if (isCut) throw unavailable(new Error('The answer was cut for length.'), apiKey);
  try {
    return parseStorable(valueIn(text));
  } catch {
    // The parser's message repeats what the model wrote.
    throw unavailable(new Error(`The answer is no JSON, of ${text.length} characters.`), apiKey);
  }
}

/**
 * With a schema that the provider sees to; else, where that is refused, as any JSON, and the schema for the model to read.
 * DeepSeek, and versions of vLLM, llama.cpp and Ollama, know no other.
 * @see https://github.com/llm-exe/llm-exe/issues/662
 * @see https://github.com/vllm-project/vllm/issues/7656
 */
function waysOf({ model, turns, schema: { name, schema } }: JsonRequest): Question[] {
  return [
    {
      model,
      messages: messagesOf(turns),
      response_format: { type: 'json_schema', json_schema: { name, schema: { ...schema }, strict: true } },
    },
    { model, messages: messagesOf(withSchema(turns, schema)), response_format: { type: 'json_object' } },
  ];
}

/** The answer without the fence that it may stand in, and what is said around that. */
function valueIn(text: string): string {
  const start = text.indexOf('```');
  const end = text.lastIndexOf('```');
  const isFenced = end > start && !/^\s*[{["]/.test(text);
  return isFenced ? text.slice(start + 3, end).replace(/^\w*/, '') : text;
}
