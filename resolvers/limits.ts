import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Limits } from '../src/accounts/index.js';

/** What an account may have. */
@ObjectType('Limits', { simpleResolvers: true, description: 'How much an account may have of each thing.' })
export class LimitsType implements Limits {
  @Field(() => Int, { description: 'Tasks that are not deleted.' })
  tasks!: number;

  @Field(() => Int, { description: 'Subtasks of one task.' })
  subtasksPerTask!: number;

  @Field(() => Int, { description: 'Task templates: 100 on FREE, 500 on PRO.' })
  taskTemplates!: number;

  @Field(() => Int, { description: 'Conversations: 2,000 on FREE, 10,000 on PRO.' })
  conversations!: number;

  @Field(() => Int, { description: 'How many notes the account may have.' })
  notes!: number;

  @Field(() => Int, { description: 'Reminders of one task.' })
  remindersPerTask!: number;

  @Field(() => Int, { description: 'Characters of a description.' })
  descriptionLength!: number;

  @Field(() => Int, {
    description: 'Credits that the account is granted at the next 00:00 UTC, and each after it.',
  })
  dailyCredits!: number;

  @Field(() => Float, { description: 'Bytes of stored files, uploads that have begun included.' })
  storage!: number;

  @Field(() => Int, { description: 'Uploads that are not finished.' })
  uploads!: number;

  @Field(() => Int, { description: 'Seconds of the longest voice recording; 0 where there is none.' })
  voiceSeconds!: number;
}
