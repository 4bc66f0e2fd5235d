import { File } from '../../entities/files/file.js';
import { Storage } from '../../entities/files/storage.js';
import { type AccountTable, accountTable, type RemoveBatch } from '../kernel/account-tables.js';
import { runStatement } from '../kernel/context.js';

/** Their bytes go before their rows, which the job for released files sees to. */
const releaseAll: RemoveBatch = async (tx, most) => {
  const released = await runStatement(
    tx,
    `update files.file set released_at = $2, receiving_until = null where account_id = $1 and id in (
       select id from files.file where account_id = $1 and released_at is null limit $3) returning id`,
    [tx.unit.account.id, tx.clock.now(), most],
  );
  if (released.length > 0) return 'MORE';
  const left = await runStatement(tx, 'select from files.file where account_id = $1 limit 1', [tx.unit.account.id]);
  return left.length > 0 ? 'LATER' : 'NOTHING_LEFT';
};

const ours = 'It is about how we keep it.';

/** What an account keeps in the object store. */
export const filesTables: readonly AccountTable[] = [
  accountTable(File, {
    name: 'files',
    what: 'Your files, whose bytes are in the folder `files`, each under its id.',
    of: 'accountId',
    order: ['id'],
    left: {
      isSizeDeclared: ours,
      takesRoom: ours,
      objectKey: ours,
      unfinishedUntil: ours,
      receivingUntil: ours,
      releasedAt: ours,
    },
    onDeletion: { kind: 'BY', remove: releaseAll },
  }),
  accountTable(Storage, {
    name: 'storage',
    what: 'How much room your files take.',
    of: 'accountId',
    order: ['accountId'],
    onDeletion: { kind: 'DELETED' },
  }),
];
