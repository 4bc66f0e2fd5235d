import type { File } from '../../entities/files/file.js';
import { sendStatement, type Tx } from '../kernel/context.js';

/** Writes a new file of the transaction's account. */
export async function insertFile(tx: Tx, file: File): Promise<void> {
  await sendStatement(
    tx,
    `insert into files.file (account_id, id, purpose, state, content_type, bytes, is_size_declared, takes_room, object_key,
       sha256, scan, created_at, unfinished_until, receiving_until, released_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      file.accountId,
      file.id,
      file.purpose,
      file.state,
      file.contentType,
      file.bytes,
      file.isSizeDeclared,
      file.takesRoom,
      file.objectKey,
      file.sha256,
      file.scan,
      file.createdAt,
      file.unfinishedUntil,
      file.receivingUntil,
      file.releasedAt,
    ],
  );
}
