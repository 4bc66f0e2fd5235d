import type { Note } from '../../entities/notes/note.js';
import type { Achievement } from '../achievements/index.js';

/** A note, and what writing it has earned. */
export interface WrittenNote {
  readonly note: Note;
  readonly unlockedAchievements: readonly Achievement[];
}
