import { isNativeError } from 'node:util/types';

/** The code that an error of Node.js, its libraries or the database's driver carries, as `ENOENT`; null without one. */
export function errorCodeOf(error: unknown): string | null {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
