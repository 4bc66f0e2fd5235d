import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Finding } from '../admin/finding.js';
import { defaultFilesFolder, objectStore } from '../providers.js';
import { inTime, ok, patienceMs, reasonOf, skipped, type Variables, wrong } from './check.js';

const check = 'files';

/** Whether a small object can be stored, read and removed. */
export async function checkFiles(variables: Variables): Promise<readonly Finding[]> {
  const { S3_BUCKET, FILES_FOLDER } = variables;
  if (S3_BUCKET === null && FILES_FOLDER === null)
    return [skipped(check, `Neither S3_BUCKET nor FILES_FOLDER is set here: files are in ${defaultFilesFolder}.`)];
  const store = objectStore(variables);
  const key = `doctor/${randomUUID()}`;
  const body = 'doctor';
  try {
    await inTime(store.put(key, Readable.from([Buffer.from(body)]), AbortSignal.timeout(patienceMs)));
    const read = await inTime(store.read(key, null, AbortSignal.timeout(patienceMs)).then(text));
    await inTime(store.remove(key));
    if (read === body) return [ok(check, 'An object was stored, read and removed.')];
    return [wrong(check, 'An object was read otherwise than it was stored.', 'Look for what stands between.')];
  } catch (error) {
    const where =
      S3_BUCKET === null
        ? 'FILES_FOLDER: a folder that this user may write to'
        : 'S3_BUCKET, S3_ENDPOINT and the key: one that may put, get and delete';
    return [wrong(check, `An object could not be stored, read and removed: ${reasonOf(error)}.`, `Correct ${where}.`)];
  }
}
