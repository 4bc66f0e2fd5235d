import { type SentRequest, sentInputsFolder } from '../../infra/sent-inputs.js';
import { RunNotes } from './run-notes.js';

/** Longer documents are attacks. */
const maxQueryLength = 20_000;
/** No input of ours is as deep. */
const deepest = 10;

/** Notes what requests give, for what is asked of a whole run. */
export class SentInputs {
  readonly #notes: RunNotes<SentRequest>;

  constructor(folder: string) {
    this.#notes = new RunNotes(folder);
  }

  note(query: string, variables: object): void {
    if (query.length > maxQueryLength) return;
    this.#notes.add({ query, paths: [...new Set(pathsOf(variables, []))] });
  }
}

/** The paths of all keys, those of what is in lists without their indexes. */
function* pathsOf(value: unknown, path: readonly string[]): Generator<string> {
  if (path.length === deepest || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* pathsOf(item, path);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    yield [...path, key].join('.');
    yield* pathsOf(inner, [...path, key]);
  }
}

/** What this process's tests send. */
export const sentInputs = new SentInputs(sentInputsFolder);
