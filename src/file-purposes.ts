import type { FilePurpose } from './files/index.js';
import { voiceRecording } from './notes/index.js';
import { accountExportFile } from './privacy/index.js';

/** What files are kept for, each purpose said by its domain. */
export const filePurposes: readonly FilePurpose[] = [voiceRecording, accountExportFile];
