export { accountTables } from './account-tables.js';
export { deleteClosedAccounts } from './delete-accounts.js';
