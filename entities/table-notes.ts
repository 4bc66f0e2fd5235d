/** What docs/database.md says of a table, and neither its columns nor the database do. A law asks for each of it. */
export interface TableNotes {
  /** How long a row stays, and who removes it: a phrase. */
  readonly kept: string;
  /** What each index is for, by its name; keys and constraints explain themselves. */
  readonly indexes?: Readonly<Record<string, string>>;
}

const notes = new WeakMap<object, TableNotes>();

/** Notes of an entity's table, for docs/database.md. */
export function Notes(given: TableNotes): ClassDecorator {
  return (entity) => void notes.set(entity, given);
}

/** The notes of an entity's table, if it has any. */
export function notesOf(entity: object): TableNotes | undefined {
  return notes.get(entity);
}
