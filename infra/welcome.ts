import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../src/config.js';
import { counted } from '../src/kernel/text.js';
import type { Emulator } from './emulators/server.js';
import { SampleSession } from './sample-session.js';
import { sampleUser } from './seed/sample-user.js';

/** What has been started, and where. */
export interface Started {
  readonly config: Config;
  readonly url: string;
  readonly google: Emulator | null;
  readonly openai: Emulator | null;
  readonly deepgram: Emulator | null;
  readonly checkout: Emulator | null;
  readonly push: Emulator;
  readonly readyFile: string;
  readonly logFile: string;
  /** Hears of each new token of the sample account. */
  onToken(accessToken: string | null): void;
}

/** The sample user's token is renewed in the file long before it expires. */
const renewalsPerLifetime = 3;

/**
 * Prints where everything is and what to paste first; writes the same for scripts, and keeps its token fresh. Answers
 * what ends that.
 */
export async function announce(started: Started): Promise<() => void> {
  const session = started.google && new SampleSession(restUrlOf(started), started.google.url);
  const { addresses, accessToken, emulators } = await writeReady(started, session);
  console.log(welcome(addresses, accessToken, emulators, started));
  const renewEveryMs = (started.config.ACCESS_TOKEN_SECONDS * 1_000) / renewalsPerLifetime;
  const renewing = setInterval(() => {
    writeReady(started, session).catch((error: unknown) => console.error(`The sample token was not renewed: ${error}`));
  }, renewEveryMs).unref();
  return () => clearInterval(renewing);
}

async function writeReady(started: Started, session: SampleSession | null) {
  const { config, url, google, openai, deepgram, checkout, push, readyFile, onToken } = started;
  const addresses = {
    graphqlUrl: `${url}/graphql`,
    subscriptionUrl: `${url.replace(/^http/, 'ws')}/graphql`,
    restUrl: restUrlOf(started),
  };
  const accessToken = session && (await session.renew());
  onToken(accessToken);
  const emulators = {
    googleEmulatorUrl: google?.url ?? null,
    openaiEmulatorUrl: openai?.url ?? null,
    deepgramEmulatorUrl: deepgram?.url ?? null,
    checkoutEmulatorUrl: checkout?.url ?? null,
    pushEmulatorUrl: push.url,
  };
  const ready = { ...addresses, accessToken, ...emulators, databaseUrl: config.DATABASE_URL };
  mkdirSync(dirname(readyFile), { recursive: true });
  // Whoever waits for the file must never read half of it.
  writeFileSync(`${readyFile}.new`, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${readyFile}.new`, readyFile);
  return { addresses, accessToken, emulators };
}

function lifetimeText({ ACCESS_TOKEN_SECONDS: seconds }: Config): string {
  return seconds % 60 === 0 ? counted(seconds / 60, 'minute') : counted(seconds, 'second');
}

function restUrlOf({ url }: Started): string {
  return `${url}/api/v1`;
}

function welcome(
  { graphqlUrl, subscriptionUrl, restUrl }: { graphqlUrl: string; subscriptionUrl: string; restUrl: string },
  accessToken: string | null,
  {
    googleEmulatorUrl,
    openaiEmulatorUrl,
    deepgramEmulatorUrl,
    checkoutEmulatorUrl,
    pushEmulatorUrl,
  }: Awaited<ReturnType<typeof writeReady>>['emulators'],
  { config, logFile }: Started,
): string {
  const signedIn = accessToken
    ? `Signed in as ${sampleUser.email}; Sandbox and GraphiQL send its token. For other clients, it lives ${lifetimeText(config)}:

  Authorization: Bearer ${accessToken}`
    : `Sign in at POST ${restUrl}/auth/google with an ID token of your Google client.`;
  return `
Perpetua Flow is ready.

  GraphQL, Sandbox   ${graphqlUrl}
  GraphiQL           ${graphqlUrl.replace(/graphql$/, 'graphiql')} (without internet)
  Subscriptions      ${subscriptionUrl}
  Base of REST       ${restUrl} (signing in: docs/clients.md)
  Google             ${googleEmulatorUrl ?? 'the real one'}
  OpenAI             ${openaiEmulatorUrl ?? 'the real one'}
  Deepgram           ${deepgramEmulatorUrl ?? 'the real one'}
  Checkout.com       ${checkoutEmulatorUrl ? `${checkoutEmulatorUrl} (paying: README.md)` : 'the real one'}
  Push               ${pushEmulatorUrl} (a stand-in for browsers: infra/emulators/README.md)
  Log                ${logFile}

${signedIn}

A first query:

  mutation {
    createTask(input: { title: "Write the brief", subtasks: [{ title: "Outline" }, { title: "Draft" }] }) {
      task { id version title subtasks { id title } }
    }
  }

Then ask the assistant, and follow the answer with its id:

  mutation { sendChatMessage(input: { content: "Where do I start?" }) { answer { id } creditsRemaining } }

  subscription {
    chatStream(messageId: "…") {
      ... on ChatDelta { position text }
      ... on ChatFinished { message { state content } creditsRemaining error }
    }
  }
`;
}
