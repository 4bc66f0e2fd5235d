import type OpenAI from 'openai';
import { AnswerText } from './answer-text.js';
import { FinishReason } from './finish-reasons.js';
import { FirstChoice } from './first-choice.js';
import type { EndReason, ModelRequest, ToolCall } from './language-model.js';
import { ToolCalls } from './tool-calls.js';

/** Who hears of what is no piece of an answer. */
type Listeners = Pick<ModelRequest, 'onUsage' | 'onThought'>;

/** One answer, as its chunks come. */
export class Answer {
  readonly #choice: FirstChoice;
  readonly #text: AnswerText;
  readonly #calls = new ToolCalls();
  readonly #finishReason: FinishReason;

  constructor(
    private readonly listeners: Listeners,
    offersTools: boolean,
    maxLength: number,
  ) {
    this.#choice = new FirstChoice(offersTools);
    this.#finishReason = new FinishReason(offersTools);
    this.#text = new AnswerText(maxLength);
  }

  /** There was more text than had room: the rest need not come. */
  get isCut(): boolean {
    return this.#text.isCut;
  }

  /**
   * Text that chunks add, which may be shown, and whether they brought anything at all: a model that thinks or writes the
   * arguments of a call is not silent. @throws when a bound is exceeded
   */
  read(chunks: readonly OpenAI.ChatCompletionChunk[]): { text: string; isAlive: boolean } {
    let piece = '';
    let thoughts = '';
    let isAlive = false;
    for (const chunk of chunks) {
      const { text, thought, calls, finishReason, usage } = this.#choice.read(chunk);
      piece += text;
      thoughts += thought;
      for (const call of calls) if (this.#calls.add(call)) isAlive = true;
      if (finishReason !== '') this.#finishReason.note(finishReason);
      if (usage) this.listeners.onUsage(usage);
    }
    if (thoughts !== '') this.listeners.onThought(thoughts);
    isAlive ||= thoughts !== '' || piece !== '';
    return { text: piece === '' ? '' : this.#text.take(piece), isAlive };
  }

  /** How it ended, and the tools that it calls. @throws when it failed, broke off, or there is nothing in it */
  end(): { reason: EndReason; calls: readonly ToolCall[] } {
    const finish = this.#finishReason;
    if (this.isCut) finish.note('length');
    if (finish.text === '' || finish.isFailure) throw new Error(`The answer ended with ${finish.text || 'no reason'}.`);
    const calls = this.#calls.take(finish.isLength);
    if (!this.#text.isVisible && calls.length === 0)
      throw new Error(`The answer ended with ${finish.text}, and without any text.`);
    if (finish.isLength) return { reason: 'length', calls };
    if (finish.announcesCalls && calls.length === 0)
      throw new Error(`The answer ended with ${finish.text}, and without any call.`);
    return { reason: calls.length > 0 ? 'toolCalls' : 'complete', calls };
  }
}
