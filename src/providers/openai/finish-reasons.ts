/**
 * Reasons to end, in lower case, after which an answer is not what was asked for; servers that speak OpenAI's protocol
 * each add their own. With any other one it is complete ("end_turn", "eos"); a stream that was cut off ends without any.
 */
const failureReasons: ReadonlySet<string> = new Set([
  'content_filter',
  'content_filtered',
  'guardrail_intervened',
  'refusal',
  'safety',
  'sensitive',
  'recitation',
  'blocklist',
  'prohibited_content',
  'spii',
  'error_toxic',
  'function_call_filter',
  'malformed_function_call',
  'unexpected_tool_call',
  'malformed_response',
  'error',
  'abort',
  'aborted',
  'cancelled',
  'network_error',
  'insufficient_system_resource',
]);

/** That it calls tools, and waits for what comes of them. */
const callReasons = new Set(['tool_calls', 'tool_use', 'function_call']);

/** The same of a model that was offered no tools, so that nobody waits for its calls. */
const failureReasonsWithoutTools: ReadonlySet<string> = new Set([...failureReasons, ...callReasons]);

/** Where the model had no room for more: OpenAI's word, Gemini's and Anthropic's, Mistral's, and Anthropic's other one. */
const lengthReasons: ReadonlySet<string> = new Set([
  'length',
  'max_tokens',
  'model_length',
  'model_context_window_exceeded',
]);

/** Why an answer ended, of all that the provider has said of it. */
export class FinishReason {
  #told = '';
  readonly #failures: ReadonlySet<string>;

  /** @param offersTools without any, an answer that calls tools is none */
  constructor(offersTools: boolean) {
    this.#failures = offersTools ? failureReasons : failureReasonsWithoutTools;
  }

  /** What the provider says; empty while the answer goes on. A server behind another one may add its own `stop` in the end. */
  note(reason: string): void {
    if (reason === '' || this.isFailure || (this.isLength && !this.#failures.has(wordOf(reason)))) return;
    this.#told = reason;
  }

  get isFailure(): boolean {
    return this.#failures.has(wordOf(this.#told));
  }

  get isLength(): boolean {
    return lengthReasons.has(wordOf(this.#told));
  }

  /** Whether calls are to come with it: without any, something was lost on the way. */
  get announcesCalls(): boolean {
    return callReasons.has(wordOf(this.#told));
  }

  /** Empty when there was none. */
  get text(): string {
    return this.#told;
  }
}

/** Gemini says more behind a colon: "content_filter: PROHIBITED_CONTENT". */
function wordOf(reason: string): string {
  const [word = ''] = reason.toLowerCase().split(':');
  return word.trim();
}
