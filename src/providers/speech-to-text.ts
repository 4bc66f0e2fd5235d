import type { Readable } from 'node:stream';
import { AppError } from '../kernel/errors.js';

/** A recording that is to be written down. */
export interface SpeechRequest {
  /** Read once, as fast as the provider takes it, and never held whole. It is destroyed in the end, whatever comes of it. */
  readonly audio: Readable;
  /** Its media type, such as `audio/webm`. */
  readonly contentType: string;
  /** How many bytes `audio` has, neither more nor fewer. */
  readonly bytes: number;
  /** Ends the request, also at the provider. */
  readonly signal: AbortSignal;
}

/** What was said in a recording. */
export interface Transcript {
  /** Well-formed, without control characters other than `\n`, without blanks around it, and empty when nobody speaks. */
  readonly text: string;
  /** How long it is, as the provider has measured it; null when it does not say. */
  readonly seconds: number | null;
}

/** Writes down what people say in a recording. */
export interface SpeechToText {
  /**
   * Asks once, and takes at most the configured time.
   * @throws SpeechFailure; the signal's reason when it aborts
   */
  transcribe(request: SpeechRequest): Promise<Transcript>;
}

/** A recording that was not written down. Its cause says why, without any secret. */
export class SpeechFailure extends AppError {
  constructor(
    /** Whether the same recording may be written down when it is sent again, later. */
    readonly mayTryAgain: boolean,
    cause: Error,
  ) {
    const message = mayTryAgain
      ? 'The recording cannot be transcribed right now. Try again later.'
      : 'The recording cannot be transcribed.';
    super('AI_SERVICE_UNAVAILABLE', message, {}, { cause });
  }
}
