export { authenticate, everySessionTopic, sessionsTopic } from './authenticate.js';
export type { IssuedTokens } from './issue-tokens.js';
export { purgeRefreshTokens } from './purge-refresh-tokens.js';
export { refreshSession, signOut } from './refresh-session.js';
export { signIn } from './sign-in.js';
export { signOutEverywhere } from './sign-out-everywhere.js';
export { updateProfile } from './update-profile.js';
export type { UserRow } from './users.js';
export { readMe } from './users.js';
