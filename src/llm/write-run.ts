import { setTimeout as pause } from 'node:timers/promises';
import { RunState } from '../../entities/llm/run.js';
import {
  type ChatRequest,
  type ChatTurn,
  type Context,
  type DetachedContext,
  isUnavailable,
  type LiveText,
  logFailure,
  type Marks,
  type TokenUsage,
  type ToolCall,
} from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { observe } from '../kernel/metrics.js';
import { type Ending, endRun } from './end-run.js';
import { keepLease, type Lease } from './lease.js';
import { firstText } from './metrics.js';
import type { Purpose } from './purpose.js';
import { runTopic, type StartedRun } from './run-rows.js';
import { estimateTokens, latestUsage, tokensOfBytes, usageOf } from './usage.js';

/**
 * Waits before the end of a run is stored again, twice as long each time: the longest is far below what the sweeper
 * waits after the database was away.
 */
const [minPauseMs, maxPauseMs] = [100, 1_000];
/** Tries of what fails for another reason than that the database is away, and of a process that ends. */
const minTries = 5;

/** How the model's part of a run went. */
type Outcome = Pick<Ending, 'state' | 'usage' | 'firstTextAt' | 'toolCalls' | 'value' | 'seen' | 'isCut'>;

/**
 * Reads the provider's stream into the stored text, whether or not anyone listens, and stores how it ended, however long
 * the database is away. Never rejects: what cannot be stored is found by the sweeper once the lease has lapsed.
 */
export async function writeRun(ctx: DetachedContext, purpose: Purpose, run: StartedRun): Promise<void> {
  await ctx.services.liveTexts.run(run.id, async (live) => {
    const lease = keepLease(ctx, run, live);
    const outcome = await write(ctx, purpose, run, live, lease);
    // The lease is renewed until the end is stored, however long the account is locked.
    await storeEnd(ctx, purpose, live, lease, {
      runId: run.id,
      accountId: run.accountId,
      ...outcome,
      text: live.text,
      leaseOwner: ctx.services.instanceId,
    });
    await lease.end();
  });
  // Only now do readers here find no live text and turn to what is stored.
  ctx.services.doorbell.ring([runTopic(run.id)]);
}

async function write(ctx: Context, purpose: Purpose, run: StartedRun, live: LiveText, lease: Lease): Promise<Outcome> {
  const progress = new WriteProgress(live, lease);
  const { signal } = live.stop;
  try {
    const { turns, seen } = await purpose.buildPrompt(ctx, run);
    progress.seen = seen;
    progress.inputTokens = tokensOfTurns(turns);
    const asked = { model: run.model, turns, signal, ...progress.listeners };
    if (purpose.shape)
      progress.value = await ctx.providers.languageModel.completeJson({ ...asked, schema: purpose.shape });
    else await writeText(ctx, purpose, run, asked, progress);
    return progress.outcome(RunState.COMPLETE);
  } catch (error) {
    if (!signal.aborted) logFailure(ctx.log, error, { run: run.id }, 'a model failed');
    return progress.outcome(RunState.FAILED);
  }
}

/** Reads an answer's text as it comes, and the tools that it calls. */
async function writeText(
  ctx: Context,
  purpose: Purpose,
  run: StartedRun,
  asked: Omit<ChatRequest, 'tools' | 'onEnd'>,
  progress: WriteProgress,
): Promise<void> {
  const { live, lease, toolCalls } = progress;
  const topic = [runTopic(run.id)];
  const startedAt = performance.now();
  const tools = purpose.tools?.(ctx) ?? [];
  const onEnd: ChatRequest['onEnd'] = ({ reason }) => {
    progress.isCut = reason === 'length';
  };
  for await (const piece of ctx.providers.languageModel.streamChat({ ...asked, tools, onEnd })) {
    await lease.catchUp();
    asked.signal.throwIfAborted();
    if (typeof piece !== 'string') {
      // A model may make up tools.
      if (tools.some(({ name }) => name === piece.name)) toolCalls.push(piece);
      continue;
    }
    const isFirst = live.text === '';
    live.text += piece;
    ctx.services.doorbell.ring(topic);
    if (!isFirst) continue;
    observe(ctx, firstText, { purpose: purpose.name }, (performance.now() - startedAt) / 1_000);
    progress.noteFirstText(ctx.clock.now());
  }
  if (live.text === '' && toolCalls.length === 0) throw calledNothing();
}

/** What is known of an answer while it is written. */
class WriteProgress {
  /** As estimated. */
  inputTokens = 0;
  readonly toolCalls: ToolCall[] = [];
  value: unknown;
  seen: Marks = new Map();
  isCut = false;
  #firstTextAt: Date | null = null;
  #reported: TokenUsage | null = null;
  #thoughtBytes = 0;

  constructor(
    readonly live: LiveText,
    readonly lease: Lease,
  ) {}

  /** What a provider tells beside the answer. */
  readonly listeners: Pick<ChatRequest, 'onUsage' | 'onThought' | 'onRefused'> = {
    onUsage: (usage) => {
      this.#reported = latestUsage(this.#reported, usage);
    },
    onThought: (thought) => {
      if (this.#thoughtBytes === 0 && this.live.text === '') this.#noteBegun();
      this.#thoughtBytes += Buffer.byteLength(thought);
    },
    onRefused: () => {
      this.inputTokens = 0;
    },
  };

  noteFirstText(at: Date): void {
    this.#firstTextAt = at;
    this.#noteBegun();
  }

  #noteBegun(): void {
    this.lease.noteBegun({ inputTokens: this.inputTokens, firstTextAt: this.#firstTextAt });
  }

  outcome(state: Outcome['state']): Outcome {
    const { inputTokens, toolCalls, value, seen, isCut } = this;
    const unseen = this.#thoughtBytes + bytesOf(toolCalls) + bytesOf(value);
    const outputTokens = estimateTokens(this.live.text) + tokensOfBytes(unseen);
    const usage = usageOf(this.#reported, { inputTokens, outputTokens });
    return { state, firstTextAt: this.#firstTextAt, toolCalls, value, seen, isCut, usage };
  }
}

/** It costs nothing, as an answer with nothing in it. */
function calledNothing(): AppError {
  return new AppError('AI_SERVICE_UNAVAILABLE', 'The model called only what nobody has offered.');
}

function tokensOfTurns(turns: readonly ChatTurn[]): number {
  const bytes = turns.map(
    (turn) => Buffer.byteLength(turn.content) + ('toolCalls' in turn ? bytesOf(turn.toolCalls) : 0),
  );
  return tokensOfBytes(bytes.reduce((sum, each) => sum + each, 0));
}

/** What a model has called, or answers as JSON, is written by it as well. */
function bytesOf(written: unknown): number {
  const isNothing = written === undefined || (Array.isArray(written) && written.length === 0);
  return isNothing ? 0 : Buffer.byteLength(JSON.stringify(written));
}

/** As long as the database is away, the whole text is in this process alone. */
async function storeEnd(ctx: Context, purpose: Purpose, live: LiveText, lease: Lease, ending: Ending): Promise<void> {
  let pauseMs = minPauseMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await lease.whileEnding(() => endRun(ctx, purpose, ending));
    } catch (error) {
      logFailure(ctx.log, error, { run: ending.runId }, 'the end of a run could not be stored yet');
      const passes = isUnavailable(error) && !live.giveUp.signal.aborted;
      if (!passes && tries >= minTries) return;
      await pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, maxPauseMs);
    }
  }
}
