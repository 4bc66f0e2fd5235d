import type { Readable } from 'node:stream';

/** What is known of an object once all of it is stored. */
export interface StoredObject {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** An object as a listing has it. */
export interface ListedObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

/** Where a client sends bytes by itself, without us in between. */
interface DirectUpload {
  readonly url: string;
  /** Headers that it has to send, by their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A part of an object, in bytes; both ends belong to it. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** There is no such object. */
export class ObjectMissing extends Error {
  constructor(key: string) {
    super(`There is no object ${key}.`);
  }
}

/** Keeps objects under keys of lower-case letters, digits, `-` and `/`. None of it holds an object in memory. */
export interface ObjectStore {
  /**
   * Stores all of `body`, durably, or nothing: when it fails, or the signal aborts, there is no such object.
   * @throws what the body fails with; when the store is away
   */
  put(key: string, body: Readable, signal: AbortSignal): Promise<StoredObject>;
  /** @throws ObjectMissing; when the store is away */
  read(key: string, range: ByteRange | null, signal: AbortSignal): Promise<Readable>;
  /** Bytes of an object; null when there is none. */
  sizeOf(key: string): Promise<number | null>;
  /** Removes an object; one that is not there is as good as removed. */
  remove(key: string): Promise<void>;
  /** The first so many objects behind this key, in an order of the store's own that stays the same; '' stands before all. Only an empty page is the last one. */
  list(after: string, limit: number): Promise<readonly ListedObject[]>;
  /** Where a client may put this object once, of this type and size; null where it has to go through us. */
  directUpload(key: string, about: DirectUploadTerms): Promise<DirectUpload | null>;
}

/** What a direct upload is bound to. */
interface DirectUploadTerms {
  readonly contentType: string;
  readonly bytes: number;
  /** How long it may begin. */
  readonly seconds: number;
}
