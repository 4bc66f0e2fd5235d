import { z } from 'zod';

/** Somebody whom Google's stand-in vouches for. */
export interface SampleUser {
  readonly email: string;
  readonly name: string;
}

/** Whom the sample account belongs to. */
export const sampleUser: SampleUser = { email: 'ada@example.com', name: 'Ada Lovelace' };

/** Somebody whose renewal was not paid. */
export const unpaidUser: SampleUser = { email: 'grace@example.com', name: 'Grace Hopper' };

const IdToken = z.object({ idToken: z.string() });

/** An ID token of a sample user, from Google's stand-in. @throws when it does not answer within 10 s */
export async function sampleIdToken(googleEmulatorUrl: string, user = sampleUser): Promise<string> {
  const response = await fetch(`${googleEmulatorUrl}/id-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`Google's stand-in answered ${response.status}.`);
  return IdToken.parse(await response.json()).idToken;
}
