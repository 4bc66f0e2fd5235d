import { field } from '../kernel/input.js';

/** Characters of a note: Unicode code points, as PostgreSQL counts them. */
export const maxContentLength = 2_000;

/** What a note says. */
export const content = field.paragraphs(1, maxContentLength);
