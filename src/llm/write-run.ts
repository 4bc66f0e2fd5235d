import { setTimeout as pause } from 'node:timers/promises';
import { RunState } from '../../entities/llm/run.js';
import {
  type Context,
  type DetachedContext,
  isUnavailable,
  type LiveText,
  logFailure,
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
type Outcome = Pick<Ending, 'state' | 'usage' | 'firstTextAt' | 'toolCalls' | 'value' | 'isCut'>;

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
  const topic = [runTopic(run.id)];
  const startedAt = performance.now();
  let reported: TokenUsage | null = null;
  let inputTokens = 0;
  let thoughtBytes = 0;
  let firstTextAt: Date | null = null;
  let isCut = false;
  const toolCalls: ToolCall[] = [];
  let value: unknown;
  const outcome = (state: Outcome['state']): Outcome => {
    const written = estimateTokens(live.text) + tokensOfBytes(thoughtBytes + bytesOf(toolCalls) + bytesOf(value));
    return {
      state,
      firstTextAt,
      toolCalls,
      value,
      isCut,
      usage: usageOf(reported, { inputTokens, outputTokens: written }),
    };
  };
  try {
    const turns = await purpose.buildPrompt(ctx, run);
    inputTokens = estimateTokens(turns.map(({ content }) => content).join(''));
    const { signal } = live.stop;
    const onUsage = (usage: TokenUsage) => {
      reported = latestUsage(reported, usage);
    };
    const onThought = (thought: string) => {
      if (thoughtBytes === 0 && live.text === '') lease.noteBegun({ inputTokens, firstTextAt });
      thoughtBytes += Buffer.byteLength(thought);
    };
    const onRefused = () => {
      inputTokens = 0;
    };
    const onEnd = ({ reason }: { readonly reason: string }) => {
      isCut = reason === 'length';
    };
    const { languageModel } = ctx.providers;
    const asked = { model: run.model, turns, signal, onUsage, onThought, onRefused };
    if (purpose.shape) {
      value = await languageModel.completeJson({ ...asked, schema: purpose.shape });
      return outcome(RunState.COMPLETE);
    }
    const tools = purpose.tools?.(ctx) ?? [];
    for await (const piece of languageModel.streamChat({ ...asked, tools, onEnd })) {
      await lease.catchUp();
      signal.throwIfAborted();
      if (typeof piece !== 'string') {
        // A model may make up tools.
        if (tools.some(({ name }) => name === piece.name)) toolCalls.push(piece);
        continue;
      }
      const isFirst = live.text === '';
      live.text += piece;
      ctx.services.doorbell.ring(topic);
      if (isFirst) {
        firstTextAt = ctx.clock.now();
        observe(ctx, firstText, { purpose: purpose.name }, (performance.now() - startedAt) / 1_000);
        lease.noteBegun({ inputTokens, firstTextAt });
      }
    }
    if (live.text === '' && toolCalls.length === 0) throw calledNothing();
    return outcome(RunState.COMPLETE);
  } catch (error) {
    if (!live.stop.signal.aborted) logFailure(ctx.log, error, { run: run.id }, 'a model failed');
    return outcome(RunState.FAILED);
  }
}

/** It costs nothing, as an answer with nothing in it. */
function calledNothing(): AppError {
  return new AppError('AI_SERVICE_UNAVAILABLE', 'The model called only what nobody has offered.');
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
