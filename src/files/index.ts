export { type AccountFile, accountFiles } from './account-files.js';
export { filesTables } from './account-tables.js';
export { downloadAddress, downloadPath, uploadPath } from './addresses.js';
export {
  type InspectedUpload,
  inspectUpload,
  inspectUploadErrors,
  refuseUpload,
  settleUpload,
} from './finish-upload.js';
export { keepMade, type MadeFile, storeMade } from './make-file.js';
export { type Download, openDownload } from './open-download.js';
export { openFile } from './open-file.js';
export type { FilePurpose } from './purpose.js';
export { receiveUpload } from './receive-upload.js';
export { releaseDropped } from './release-dropped.js';
export { isKept, releaseFiles } from './release-file.js';
export { ScanFile, scanFile } from './scan-file.js';
export { type StartedUpload, startUpload, startUploadErrors } from './start-upload.js';
export { giveUpUploads, orphanSweeper, removeReleased } from './sweep-files.js';
