import { anyOfFew, defineCounter, defineHistogram } from '../kernel/metrics.js';

export const bytesMoved = defineCounter('file_bytes_total', 'Bytes of files that have come and gone, through us.', {
  purpose: anyOfFew,
  direction: ['in', 'out'],
});

export const quotaShare = defineHistogram(
  'file_storage_share_ratio',
  'How much of its storage an account has used, each time that one of its files is finished.',
  {},
  [0.1, 0.25, 0.5, 0.75, 0.9, 1],
);

export const orphans = defineCounter('file_orphans_total', 'Objects without a file that were removed.', {});

export const scans = defineCounter('file_scans_total', 'Files that were looked through, by what was found.', {
  outcome: ['CLEAN', 'INFECTED'],
});
