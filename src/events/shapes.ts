import { z } from 'zod';

/** An event that says all by its type. */
export const nothing = z.object({});

/** A name of ours: a field's, a kind of thing's, an error code. Nothing that somebody wrote is in an event. */
export const word = z.string().regex(/^\w{1,64}$/);

/** Which fields of the thing were changed. */
export const fields = z.object({ fields: z.array(word).readonly() });

/** Which kind of thing something is about, as events name it, and which one. */
export const about = z.object({ entityType: word, entityId: z.uuid() });

export type About = z.infer<typeof about>;

/** The task that a thing belongs to. */
export const ofTask = z.object({ taskId: z.uuid() });
