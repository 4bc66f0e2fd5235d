import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { claim, FolderInUseError } from './postgres/claim.js';

/** What `npm start` keeps beside its database. */
export const localFiles = {
  /** Signs access tokens, so that they survive a restart. */
  key: '.local/jwt-key.pem',
  /** The key pair of Web Push, to which browsers' subscriptions are bound. */
  vapid: '.local/vapid-keys.env',
  /** What has been paid at the stand-in for the payment provider: the other half of what the database says of payments. */
  payments: '.local/checkout.json',
  /** Where everything is, while it runs. */
  ready: '.local/ready.json',
  /** What the other roles need to work on the same machine, while it runs. */
  env: '.local/server.env',
  log: '.local/app.log',
} as const;

/**
 * Makes these the files of this process, and removes what a killed one left of those that hold while it runs. Answers
 * with what does that again and gives them back. @throws FolderInUseError while another living process has them
 */
export function claimLocalFiles(): () => void {
  mkdirSync(dirname(localFiles.ready), { recursive: true });
  const release = claimed();
  const forget = () => {
    for (const file of [localFiles.ready, localFiles.env]) rmSync(file, { force: true });
  };
  forget();
  return () => {
    forget();
    release();
  };
}

function claimed(): () => void {
  try {
    return claim(localFiles.ready);
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    const { owner } = error;
    const what = 'Stop it first: Ctrl-C where it was started, or a SIGTERM. A second server needs a clone of its own.';
    throw new FolderInUseError(owner, `A server runs in this folder already: ${owner}. ${what}`);
  }
}

/** The environment, and what `.env` adds to it. */
export function environment(): Record<string, string | undefined> {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}
