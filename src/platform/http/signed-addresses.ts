import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What an address is good for besides its path. */
interface SignedFor {
  /** Who was given it. */
  readonly personId: string;
  readonly expiresAt: Date;
}

/** Makes and checks addresses on our server, each signed for one path, one person and a time. */
export class SignedAddresses {
  readonly #keys: readonly Buffer[];
  #publicUrl = '';

  /** @param secrets the first signs, all are taken: our processes share two while one is replaced */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'signed addresses', 32)));
  }

  /** Where clients reach us, known once we listen. */
  reachableAt(publicUrl: string): void {
    this.#publicUrl = publicUrl.replace(/\/$/, '');
  }

  /** An absolute address, good until the end of the second in which it expires. */
  sign(path: string, { personId, expiresAt }: SignedFor): string {
    const [key] = this.#keys;
    if (!key || this.#publicUrl === '') throw new Error('This process serves no clients.');
    const expires = `${Math.ceil(expiresAt.getTime() / 1_000)}`;
    const signature = signatureOf(key, [path, personId, expires]);
    return `${this.#publicUrl}${path}?${new URLSearchParams({ person: personId, expires, signature }).toString()}`;
  }

  /** Who was given the address; null for one that we have not signed, or that has expired. */
  check(path: string, query: unknown, now: Date): string | null {
    const [person, expires, signature] = ['person', 'expires', 'signature'].map((name) => parameter(query, name));
    if (person === undefined || expires === undefined || signature === undefined) return null;
    const given = Buffer.from(signature);
    const isOurs = this.#keys.some((key) => {
      const own = Buffer.from(signatureOf(key, [path, person, expires]));
      return own.length === given.length && timingSafeEqual(own, given);
    });
    return isOurs && now.getTime() < Number(expires) * 1_000 ? person : null;
  }
}

function signatureOf(key: Buffer, parts: readonly string[]): string {
  return createHmac('sha256', key).update(parts.join('\n')).digest('base64url');
}

/** One that stands there twice is none of ours. */
function parameter(query: unknown, name: string): string | undefined {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
