/** A JSON schema, as `z.toJSONSchema` makes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Something that a model may ask us to do. */
export interface Tool {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** When to use it, for the model. */
  readonly description: string;
  /** What its arguments are: a schema of an object. */
  readonly parameters: JsonSchema;
}

/** That a model asks us to do something. */
export interface ToolCall {
  /** One of a kind in its answer, whatever the provider sent. */
  readonly id: string;
  /** As the model wrote it, which need not be the name of a tool that it was offered. */
  readonly name: string;
  /**
   * The parsed JSON, an object as a rule, without what PostgreSQL's `jsonb` does not take; nothing more is known of it.
   * `undefined` where the model wrote what is no JSON, so that no schema accepts it.
   */
  readonly arguments: unknown;
  /**
   * What the provider wants to see again beside the call, such as Gemini's signature of a thought, without which it
   * refuses to go on.
   * @see https://ai.google.dev/gemini-api/docs/thought-signatures
   */
  readonly extraContent?: unknown;
}

/** A part of an answer: text as it comes, or a tool call once the answer is complete. */
export type ModelPiece = string | ToolCall;

/** One message of what the model is told. */
export type ChatTurn =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string;
      /** Calls that it has made; a `tool` turn for each follows. */
      readonly toolCalls?: readonly ToolCall[];
    }
  /** What came of a call. */
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

/** Tokens that a model has read and written. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a model costs: dollars for a million tokens, which are millionths of a dollar for one. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

/**
 * How an answer ended. `length`: it has as many tokens or characters as it may have, and there would have been more;
 * calls of it that are whole have been yielded. `toolCalls`: it calls tools, and waits for what comes of them.
 */
export type EndReason = 'complete' | 'length' | 'toolCalls';

/** What every question to a model has. */
export interface ModelRequest {
  readonly model: string;
  readonly turns: readonly ChatTurn[];
  /** Tokens that the answer may have at most, thoughts included where the provider counts them; as configured when not given. */
  readonly maxOutputTokens?: number;
  readonly signal: AbortSignal;
  /** Told what the provider has counted, when it says so: the last time is what holds. */
  onUsage(usage: TokenUsage): void;
  /** Told what the model thinks before it speaks: none of the answer, and paid for as if it was. */
  onThought(thought: string): void;
  /** Told when the provider has not taken the question at all. */
  onRefused(): void;
}

/** A question whose answer is read as it is written. */
export interface ChatRequest extends ModelRequest {
  /** What the model may call; nothing when not given or empty. */
  readonly tools?: readonly Tool[];
  /** Told how the answer ended, after its last piece; not when it failed. */
  onEnd?(end: { readonly reason: EndReason }): void;
}

/**
 * What a JSON value is, for the provider that knows how to keep to it, under a name as a tool has it. In an object all
 * properties are `required` and `additionalProperties` is false: OpenAI takes no other.
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export interface JsonShape {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** A question whose answer is a JSON value. */
export interface JsonRequest extends ModelRequest {
  readonly schema: JsonShape;
}

/** Language models that answer in pieces. */
export interface LanguageModel {
  /** The model for whatever asks for none in particular. */
  readonly standardModel: string;
  /** Prices by model. */
  readonly prices: ReadonlyMap<string, ModelPrice>;
  /**
   * Yields an answer's text as it comes, in whole characters and without NUL, and then, in their order, the tools that it
   * calls: the first 20, within 64 KB of arguments together. Ends normally only when the provider said that the answer is
   * complete, and there was something to see in it or a tool call.
   * @throws AI_SERVICE_UNAVAILABLE; the signal's reason when it aborts
   */
  streamChat(request: ChatRequest): AsyncIterable<ModelPiece>;
  /**
   * A JSON value in one piece. That it fits the schema is for the caller to check: not every provider sees to it.
   * @throws AI_SERVICE_UNAVAILABLE, also when the answer is cut for length, or is no JSON; the signal's reason when it aborts
   */
  completeJson(request: JsonRequest): Promise<unknown>;
}
