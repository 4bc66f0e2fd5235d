import { z } from 'zod';
import { sampleIdToken } from './seed/sample-user.js';

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });

/** The sample user's session with a server: one sign-in, which its refresh tokens keep alive as those of any client. */
export class SampleSession {
  readonly #authUrl: string;
  readonly #googleUrl: string;
  #refreshToken: string | null = null;

  constructor(restUrl: string, googleEmulatorUrl: string) {
    this.#authUrl = `${restUrl}/auth`;
    this.#googleUrl = googleEmulatorUrl;
  }

  /** A fresh access token. It signs in the first time, and again when the session has ended. */
  async renew(): Promise<string> {
    const tokens = (await this.#refresh()) ?? (await this.#signIn());
    this.#refreshToken = tokens.refreshToken;
    return tokens.accessToken;
  }

  /** Null when there is nothing to refresh, or not any more. */
  async #refresh(): Promise<z.infer<typeof Tokens> | null> {
    if (this.#refreshToken === null) return null;
    const response = await this.#post('refresh', { refreshToken: this.#refreshToken });
    return response.status === 401 ? null : tokensOf(response);
  }

  async #signIn(): Promise<z.infer<typeof Tokens>> {
    return tokensOf(await this.#post('google', { idToken: await sampleIdToken(this.#googleUrl) }));
  }

  #post(path: string, body: object): Promise<Response> {
    return fetch(`${this.#authUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-refresh-token': 'body' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  }
}

async function tokensOf(response: Response): Promise<z.infer<typeof Tokens>> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  return Tokens.parse(await response.json());
}
