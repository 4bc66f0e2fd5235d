import type { GraphQLFormattedError } from 'graphql';
import { type MetError, metErrorsFolder } from '../../infra/met-errors.js';
import { RunNotes } from './run-notes.js';

/** Notes the errors that fields have answered, for what is asked of a whole run. */
export class MetErrors {
  readonly #notes: RunNotes<MetError>;

  constructor(folder: string) {
    this.#notes = new RunNotes(folder);
  }

  note(query: string, errors: readonly GraphQLFormattedError[] = []): void {
    for (const { path, extensions } of errors) {
      if (path) this.#notes.add({ query, path: path.filter(isKey), code: String(extensions?.['code']) });
    }
  }
}

/** Not the place in a list. */
function isKey(step: string | number): step is string {
  return typeof step === 'string';
}

/** What this process's tests meet. */
export const metErrors = new MetErrors(metErrorsFolder);
