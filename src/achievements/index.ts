export type { Achievement } from './achievement.js';
export { unlockedIn } from './achievement.js';
export type { Perk } from './catalog.js';
export { countCompletions } from './count-completions.js';
export { endStreaks } from './end-streaks.js';
export { achievementNotifications } from './notify.js';
export type { AchievementState } from './read-achievements.js';
export { readAchievementState, readStreak } from './read-achievements.js';
export { Recompute, recomputePage, runRecompute } from './recompute.js';
