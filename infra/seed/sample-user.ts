import { z } from 'zod';

/** Whom the sample account belongs to. */
export const sampleUser = { email: 'ada@example.com', name: 'Ada Lovelace' };

const IdToken = z.object({ idToken: z.string() });

/** An ID token of the sample user, from Google's stand-in. @throws when it does not answer within 10 s */
export async function sampleIdToken(googleEmulatorUrl: string): Promise<string> {
  const response = await fetch(`${googleEmulatorUrl}/id-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sampleUser),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`Google's stand-in answered ${response.status}.`);
  return IdToken.parse(await response.json()).idToken;
}
