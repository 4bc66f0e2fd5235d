import { type QueueJob, workOff } from '../src/kernel/jobs.js';
import { TranscribeRecording, transcribeRecording } from '../src/notes/index.js';

/** Jobs of notes. */
export const notesJobs: readonly QueueJob[] = [workOff(TranscribeRecording, transcribeRecording)];
