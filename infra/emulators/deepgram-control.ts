import { z } from 'zod';
import { Behaviours } from './behaviours.js';

/** What `POST /_control` takes; see the README beside this file. */
export const Control = z.strictObject({
  reset: z.boolean().optional(),
  /** Only for audio with this SHA-256 (hex), or whose content type contains it. */
  match: z.string().min(1).optional(),
  /** For so many requests; for all when not given. */
  times: z.int().min(1).optional(),
  /** What was said; empty when nobody speaks. */
  transcript: z.string().optional(),
  /** How long the recording is; when not given it is not known, and said to be 0. */
  seconds: z.number().min(0).optional(),
  /** Fails with it. */
  status: z.int().min(400).max(599).optional(),
  /** Milliseconds before the answer. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Never answered. */
  hang: z.boolean().optional(),
  /** Answered with status 200 in place of a transcription; true is a page of HTML. */
  garbage: z.union([z.boolean(), z.string()]).optional(),
  /** The connection breaks in the middle of the answer. */
  cut: z.boolean().optional(),
});

/** How the next answers go. */
export type Behaviour = z.infer<typeof Control>;

/** A request as it came, its audio as a number and a hash. */
export interface SeenRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** The header; null for a body whose length was not announced. */
  readonly contentLength: number | null;
  readonly bytes: number;
  /** Of the audio, hex. */
  readonly sha256: string;
}

/** The behaviours in force and what has been seen; one a server. */
export class ControlState {
  readonly #behaviours = new Behaviours<Behaviour>(({ match }) => match);
  /** Those that came, whatever became of them. */
  requests = 0;
  abortedByClient = 0;
  /** The last one whose audio came whole. */
  lastRequest: SeenRequest | null = null;

  /** Puts a behaviour in force, in place of the one that was for the same audio, or for all. */
  set(next: Behaviour): void {
    this.#behaviours.set(next);
    if (!next.reset) return;
    this.requests = 0;
    this.abortedByClient = 0;
    this.lastRequest = null;
  }

  /** The behaviour for a request. */
  take({ sha256, contentType }: SeenRequest): Behaviour {
    return this.#behaviours.take((match) => match.toLowerCase() === sha256 || contentType.includes(match)) ?? {};
  }

  /** What `GET /_control` shows. */
  show(): object {
    const { requests, abortedByClient, lastRequest } = this;
    return { behaviours: this.#behaviours.show(), requests, abortedByClient, lastRequest };
  }
}
