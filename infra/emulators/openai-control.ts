import { z } from 'zod';
import { Behaviours } from './behaviours.js';

/** What `POST /_control` takes; see the README beside this file. */
export const Control = z.strictObject({
  reset: z.boolean().optional(),
  /** Only for requests whose last user message contains it. */
  match: z.string().optional(),
  /** For so many requests; for all when not given. */
  times: z.int().min(1).optional(),
  text: z.string().optional(),
  tokens: z.array(z.string()).optional(),
  /** Which server's chunks it sends; OpenAI's when not given. */
  dialect: z.enum(['openai', 'azure', 'ollama', 'vllm', 'llamacpp', 'gemini', 'mistral']).optional(),
  /** Calls behind the text, of which there is none unless it is given; arguments that are text are sent as they are. */
  toolCalls: z.array(z.strictObject({ name: z.string(), arguments: z.unknown() })).optional(),
  /** The value that a request for JSON is answered with. */
  json: z.unknown().optional(),
  /** Answers 400 to a JSON schema, as older servers do. */
  refuseJsonSchema: z.boolean().optional(),
  /** Answers 400 to `max_tokens`, as OpenAI's newer models do. */
  refuseMaxTokens: z.boolean().optional(),
  /** Whole chunks of a stream instead of tokens: what each has besides id and model. */
  chunks: z.array(z.record(z.string(), z.unknown())).optional(),
  /** 0 is as fast as possible. */
  tokensPerSecond: z.number().min(0).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  status: z.int().min(400).max(599).optional(),
  cutAfter: z.int().min(0).optional(),
  endAfter: z.int().min(0).optional(),
  hangAfter: z.int().min(0).optional(),
  omitDone: z.boolean().optional(),
  finishReason: z.string().optional(),
  /** Tokens of the question and of the answer, as they are reported; null reports none. */
  usage: z.strictObject({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullable().optional(),
  /** Characters outside the basic plane are split over two tokens. */
  splitSurrogates: z.boolean().optional(),
  /** Each token becomes the moment at which it was sent, `<milliseconds>;`, for measuring. */
  stamp: z.boolean().optional(),
});

/** How the next answers go. */
export type Behaviour = z.infer<typeof Control>;

/** The behaviours in force and what has been seen; one a server. */
export class ControlState {
  readonly #behaviours = new Behaviours<Behaviour>(({ match }) => match);
  requests = 0;
  open = 0;
  abortedByClient = 0;
  lastMessages: unknown = null;
  /** The last request without its messages. */
  lastRequest: unknown = null;

  /** Puts a behaviour in force; one without `match` replaces the one that was in force for everything. */
  set(next: Behaviour): void {
    this.#behaviours.set(next);
    if (!next.reset) return;
    this.requests = 0;
    this.abortedByClient = 0;
  }

  /** The behaviour for a question. */
  take(question: string): Behaviour {
    return this.#behaviours.take((match) => question.includes(match)) ?? {};
  }

  /** What `GET /_control` shows. */
  show(): object {
    const { requests, open, abortedByClient, lastMessages, lastRequest } = this;
    return { behaviours: this.#behaviours.show(), requests, open, abortedByClient, lastMessages, lastRequest };
  }
}
