import { readLimits } from '../../accounts/index.js';
import type { Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';

/** Seconds that a recording of the account may have. @throws VOICE_PRO_ONLY where there is no voice */
export async function readVoiceSeconds(tx: Tx): Promise<number> {
  const { voiceSeconds } = await readLimits(tx);
  if (voiceSeconds > 0) return voiceSeconds;
  throw new AppError('VOICE_PRO_ONLY', 'Recording by voice is part of the Pro plan.');
}
