import type { UserSection } from './user-section.js';
import { account } from './user-sections/account.js';
import { billing } from './user-sections/billing.js';
import { credits } from './user-sections/credits.js';
import { holds } from './user-sections/holds.js';
import { sessions } from './user-sections/sessions.js';

/** What is shown of a person, in this order. */
export const userSections: readonly UserSection[] = [account, billing, credits, holds, sessions];
