import { z } from 'zod';
import { Priority } from '../../../entities/tasks/priority.js';
import { lineOf, paragraphsOf } from '../../kernel/text.js';

/** What a model may say of a task; the mutation's own rules are asked when it is done. */
export const proposed = {
  taskId: z.uuid().describe('The id of the task, as it stands in the list of tasks.'),
  title: z.string().max(1_000).describe('What is to be done, 1 to 200 characters.').transform(lineOf),
  description: z.string().max(8_000).describe('More about it; plain text.').transform(paragraphsOf),
  priority: z.enum(Priority),
  dueDate: z.iso.datetime({ offset: true }).describe('When it is due, RFC 3339, at most 30 days from now.'),
  tags: z.array(z.string().max(100).transform(lineOf)).max(20),
  estimatedMinutes: z.int().min(1).max(720).describe('How long it takes, in minutes.'),
  subtasks: z
    .array(
      z.strictObject({
        title: z.string().max(500).describe('The step, 1 to 75 characters.').transform(lineOf),
        estimatedMinutes: z.int().min(1).max(720).nullish(),
      }),
    )
    .max(100),
};

/** The moment that a model wrote; undefined where it wrote none. */
export function momentOf(text: string | null | undefined): Date | null | undefined {
  return typeof text === 'string' ? new Date(text) : text;
}
