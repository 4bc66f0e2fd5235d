import { deletedItemDropped } from '../events/activity.js';
import { subscribe } from '../kernel/events.js';
import { releaseFiles } from './release-file.js';

/** Lets the files of a deleted thing go that can no longer be restored. */
export const releaseDropped = subscribe(deletedItemDropped, 'files.release-dropped', (tx, { data }) =>
  releaseFiles(tx, data.fileIds),
);
