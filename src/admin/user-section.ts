import type { Answer } from './command.js';
import type { NamedUser } from './users.js';

/** A part of what `admin user` shows. */
export interface UserSection {
  /** Its heading, and its name in JSON. */
  readonly name: string;
  read(user: NamedUser): Promise<Omit<Answer, 'exitCode'>>;
}
