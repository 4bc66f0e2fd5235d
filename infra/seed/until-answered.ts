import { AnswersLater, type Context } from '../../src/kernel/context.js';

/** Executes what waits for somebody outside, and once more when that has answered. */
export async function untilAnswered<Answer>(ctx: Context, execute: (ctx: Context) => Promise<Answer>): Promise<Answer> {
  try {
    return await execute(ctx);
  } catch (error) {
    if (!(error instanceof AnswersLater)) throw error;
    return execute({ ...ctx, begun: error.begun, learnt: await error.ended() });
  }
}
