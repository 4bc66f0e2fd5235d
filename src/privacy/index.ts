export { accountExportFile } from './account-export-file.js';
export { accountTables } from './account-tables.js';
export { BuildExport, buildExport } from './build-export.js';
export { deleteClosedAccounts } from './delete-accounts.js';
export { expireExports } from './expire-exports.js';
export { type ExportSink, exportInto } from './export-into.js';
export { type AccountExportRow, listExports, readExport, readExportErrors, unsafeExportsById } from './export-rows.js';
export { exportAccount, exportAccountErrors } from './request-export.js';
