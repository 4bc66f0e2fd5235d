import { completeJson } from './complete-json.js';
import { Endpoint } from './endpoint.js';
import type { ChatRequest, LanguageModel, ModelPiece } from './language-model.js';
import { messagesOf, toolsOf } from './messages.js';
import type { OpenAiOptions } from './options.js';
import { readAnswer, type Server } from './read-answer.js';

/** OpenAI's SDK behind our interface; any server that speaks its protocol will do. */
export function openAiModel(options: OpenAiOptions): LanguageModel {
  const { standardModel, prices } = options;
  const server = { endpoint: new Endpoint(options), options };
  return {
    standardModel,
    prices,
    streamChat: (request) => streamChat(server, request),
    completeJson: (request) => completeJson(server, request),
  };
}

function streamChat(server: Server, request: ChatRequest): AsyncIterable<ModelPiece> {
  const { model, turns, tools = [] } = request;
  const ways = [{ model, messages: messagesOf(turns), ...toolsOf(tools) }];
  const onEnd: ChatRequest['onEnd'] = (end) => request.onEnd?.(end);
  return readAnswer({ ...server, request, ways, offersTools: tools.length > 0, onEnd });
}
