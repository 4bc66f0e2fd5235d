import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** What `npm start` keeps beside its database. */
export const localFiles = {
  /** Signs access tokens, so that they survive a restart. */
  key: '.local/jwt-key.pem',
  /** The key pair of Web Push, to which browsers' subscriptions are bound. */
  vapid: '.local/vapid-keys.env',
  /** Where everything is, while it runs. */
  ready: '.local/ready.json',
  /** What the other roles need to work on the same machine, while it runs. */
  env: '.local/server.env',
  log: '.local/app.log',
} as const;

/** The environment, and what `.env` adds to it. */
export function environment(): Record<string, string | undefined> {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}
