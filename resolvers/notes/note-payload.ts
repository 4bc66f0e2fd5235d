import { Field, ObjectType } from 'type-graphql';
import { Note } from '../../entities/notes/note.js';
import type { Achievement } from '../../src/achievements/index.js';
import { AchievementType } from '../achievement.js';

@ObjectType({ simpleResolvers: true, description: 'A note, and what writing it has earned.' })
export class NotePayload {
  @Field(() => Note, { description: 'The note as it was stored.' })
  note!: Note;

  @Field(() => [AchievementType], { description: 'What this has earned.' })
  unlockedAchievements!: readonly Achievement[];
}
