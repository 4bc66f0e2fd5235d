import { type Context, requireAddresses, requirePerson } from '../kernel/context.js';
import type { FileRow } from './file-rows.js';
import type { FilePurpose } from './purpose.js';

/** The path that a file's bytes are sent to. */
export function uploadPath(fileId: string): string {
  return `/api/v1/uploads/${fileId}`;
}

/** The path that a file is downloaded from. */
export function downloadPath(fileId: string): string {
  return `/api/v1/files/${fileId}`;
}

/** An absolute address on our own server, for the caller alone. */
export function signedAddress(ctx: Context, path: string, expiresAt: Date): string {
  return requireAddresses(ctx.services).sign(path, { personId: requirePerson(ctx).id, expiresAt });
}

/** Where the caller downloads a file for a while; whether they may is asked again when they do. */
export function downloadAddress(ctx: Context, { downloadSeconds }: FilePurpose, { id }: Pick<FileRow, 'id'>): string {
  return signedAddress(ctx, downloadPath(id), new Date(ctx.clock.now().getTime() + downloadSeconds * 1_000));
}
