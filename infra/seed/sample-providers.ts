import type { Context, ModelPiece } from '../../src/kernel/context.js';

/** The same context, whose model writes these pieces, or answers this value as JSON: a sample costs nobody money. */
export function withAnswer(ctx: Context, pieces: readonly ModelPiece[], value?: unknown): Context {
  const languageModel: Context['providers']['languageModel'] = {
    ...ctx.providers.languageModel,
    async *streamChat() {
      yield* pieces;
    },
    completeJson: async () => value,
  };
  return { ...ctx, providers: { ...ctx.providers, languageModel } };
}

/** The same context, in which every recording says this. */
export function withTranscript(ctx: Context, transcript: string): Context {
  const speechToText: Context['providers']['speechToText'] = {
    transcribe: async ({ audio }) => {
      audio.destroy();
      return { text: transcript, seconds: null };
    },
  };
  return { ...ctx, providers: { ...ctx.providers, speechToText } };
}
