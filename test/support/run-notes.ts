import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Notes of this process for what is asked of a whole run, each once. */
export class RunNotes<Note extends object> {
  readonly #noted = new Set<string>();

  /** @param folder without which nothing is noted */
  constructor(private readonly folder: string) {}

  add(note: Note): void {
    if (!existsSync(this.folder)) return;
    const line = `${JSON.stringify(note)}\n`;
    if (this.#noted.has(line)) return;
    this.#noted.add(line);
    appendFileSync(join(this.folder, `${process.pid}.jsonl`), line);
  }
}
