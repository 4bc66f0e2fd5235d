import type { Context } from '../kernel/context.js';
import type { FileRow } from './file-rows.js';

/** Media types that stand for one kind of content, whatever they are called. */
export interface FileType {
  /** What it is served as. */
  readonly name: string;
  /** What it is called as well, by clients or by whoever reads it from the bytes. */
  readonly also: readonly string[];
  /** Whether a browser may show it: a page of somebody else's on our address must not run. */
  readonly isSafeToShow: boolean;
}

/** What a domain keeps files for, and their rules: `files` itself knows no domain. */
export interface FilePurpose {
  /** Kept in rows and in keys of objects: never renamed. Lower-case letters and `-`. */
  readonly name: string;
  /** How long an address to upload to may be used. */
  readonly uploadSeconds: number;
  /** How long an upload that nobody finishes keeps its room. */
  readonly unfinishedSeconds: number;
  /** How long an address to download from may be used. */
  readonly downloadSeconds: number;
  /** Of an upload; 0 where only we make such files. */
  readonly maxBytes: number;
  readonly types: readonly FileType[];
  /** What a browser calls it when it saves it; null where it is shown, or called as its address. */
  readonly savedAs: string | null;
  /** Whether the caller may download the file now: asked each time that an address is used. @throws what refuses it */
  requireMayDownload(ctx: Context, file: FileRow): Promise<void>;
  /** Notes that it was downloaded, from its beginning on; null where nobody wants to know. */
  readonly recordDownload: ((ctx: Context, file: FileRow) => Promise<void>) | null;
}

/** The purpose's type that a media type stands for, its parameters aside; null for one that it does not take. */
export function typeOf({ types }: Pick<FilePurpose, 'types'>, mediaType: string): FileType | null {
  const [bare = ''] = mediaType.toLowerCase().split(';');
  const name = bare.trim();
  return types.find((type) => type.name === name || type.also.includes(name)) ?? null;
}
