import { z } from 'zod';

/** An event that says all by its type. */
export const nothing = z.object({});

/** Which fields of the thing were changed. */
export const fields = z.object({ fields: z.array(z.string()).readonly() });

/** Which kind of thing something is about, as events name it, and which one. */
export const about = z.object({ entityType: z.string(), entityId: z.uuid() });

export type About = z.infer<typeof about>;

/** The task that a thing belongs to. */
export const ofTask = z.object({ taskId: z.uuid() });
