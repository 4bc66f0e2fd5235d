import { afterEach, beforeEach } from '@jest/globals';
import { startOpenAiEmulator } from '../../infra/emulators/openai.js';
import type { Emulator } from '../../infra/emulators/server.js';
import type { ChatTurn, TokenUsage, Tool, ToolCall } from '../../src/kernel/context.js';
import { openAiModel } from '../../src/providers/openai/client.js';
import type { ChatRequest, EndReason, JsonRequest, LanguageModel } from '../../src/providers/openai/language-model.js';
import { json, postJson } from './harness.js';

/** An answer as it was read. */
interface Written {
  text: string;
  readonly calls: ToolCall[];
  reason: EndReason | null;
}

/** What is told beside an answer. */
interface Heard {
  usage: TokenUsage | null;
  thoughts: string;
  refusals: number;
}

/** What the emulator has seen. */
interface Seen {
  readonly requests: number;
  readonly open: number;
  readonly abortedByClient: number;
  readonly lastMessages: readonly object[];
  readonly lastRequest: Readonly<Record<string, unknown>>;
}

/** A delta of the only choice, as a chunk. */
export function delta(given: object, more: object = {}): object {
  return { choices: [{ index: 0, delta: given, finish_reason: null, ...more }] };
}

/** The provider by itself, before an emulator of its own for each test. */
class ModelWorld {
  #emulator: Emulator | null = null;
  #model: LanguageModel | null = null;
  readonly turns: readonly ChatTurn[] = [{ role: 'user', content: 'Where do I start?' }];

  async start(): Promise<void> {
    this.#emulator = await startOpenAiEmulator({ port: 0 });
    this.#model = openAiModel({
      apiKey: 'sk-secret',
      baseUrl: `${this.#emulator.url}/v1`,
      standardModel: 'standard',
      prices: new Map(),
      firstTokenTimeoutMs: 2_000,
      idleTimeoutMs: 1_000,
      totalTimeoutMs: 20_000,
      maxOutputTokens: 2_000,
      maxAnswerLength: 32_000,
    });
  }

  async stop(): Promise<void> {
    await this.#emulator?.close();
  }

  get model(): LanguageModel {
    if (!this.#model) throw new Error('This world has not begun.');
    return this.#model;
  }

  /** Tells the model how to answer. */
  async control(behaviour: object): Promise<void> {
    const response = await postJson(`${this.#emulator?.url}/_control`, { tokensPerSecond: 0, ...behaviour });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
  }

  async seen(): Promise<Seen> {
    return json(await fetch(`${this.#emulator?.url}/_control`));
  }

  /** One answer, read to its end, with whatever was told beside it. */
  async ask(tools: readonly Tool[], own: Partial<ChatRequest> = {}): Promise<Written & Heard> {
    const told = { text: '', calls: [] as ToolCall[], reason: null as EndReason | null };
    const heard = this.#listeners();
    const onEnd: ChatRequest['onEnd'] = ({ reason }) => {
      told.reason = reason;
    };
    for await (const piece of this.model.streamChat({ ...this.#request(), ...heard.listeners, tools, onEnd, ...own })) {
      if (typeof piece === 'string') told.text += piece;
      else told.calls.push(piece);
    }
    return { ...told, ...heard.told };
  }

  /** One value, with whatever was told beside it. */
  async askJson(schema: JsonRequest['schema'], own: Partial<JsonRequest> = {}): Promise<{ value: unknown } & Heard> {
    const heard = this.#listeners();
    const value = await this.model.completeJson({ ...this.#request(), ...heard.listeners, schema, ...own });
    return { value, ...heard.told };
  }

  #request() {
    return { model: 'standard', turns: this.turns, signal: new AbortController().signal };
  }

  #listeners() {
    const told: Heard = { usage: null, thoughts: '', refusals: 0 };
    const listeners = {
      onUsage: (usage: TokenUsage) => {
        told.usage = usage;
      },
      onThought: (thought: string) => {
        told.thoughts += thought;
      },
      onRefused: () => {
        told.refusals += 1;
      },
    };
    return { told, listeners };
  }
}

/** A world of its own for each test of a file. */
export function modelWorld(): ModelWorld {
  const world = new ModelWorld();
  beforeEach(() => world.start());
  afterEach(() => world.stop());
  return world;
}

/** The reason that is logged when the provider failed; nothing of it is shown to clients. */
export async function causeOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (!(error instanceof Error) || !('code' in error)) throw new Error('It did not fail as a provider does.');
  return `${String(error.code)}: ${error.cause instanceof Error ? error.cause.message : ''}`;
}
