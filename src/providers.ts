import type { Config, ConfigOf } from './config.js';
import { pricesOf } from './config-values.js';
import type { Providers } from './kernel/context.js';
import { type Clock, systemClock } from './platform/clock.js';
import { checkoutPayments } from './providers/checkout/client.js';
import { deepgramSpeech } from './providers/deepgram.js';
import { googleIdentityProvider } from './providers/google.js';
import { openAiModel } from './providers/openai/client.js';
import { bucketStore } from './providers/storage/bucket-store.js';
import { folderStore } from './providers/storage/folder-store.js';
import type { ObjectStore } from './providers/storage/object-store.js';
import { webPushProvider } from './providers/web-push.js';

/** UTF-16 code units of the longest answer. */
const maxAnswerLength = 32_000;

/** The roles of a process, each with its configuration; null for one that it has not. */
export interface Roles {
  readonly api: ConfigOf<'api'> | null;
  readonly worker: ConfigOf<'worker'> | null;
}

/** The outside world, at the configured addresses. What no role of this process asks refuses to be asked. */
export function openProviders({ api, worker }: Roles, clock: Clock): Providers {
  return {
    google: api ? google(api) : { verify: refuse, exchange: refuse },
    languageModel: api
      ? languageModel(api)
      : {
          standardModel: '',
          prices: pricesOf(worker?.AI_MODEL_PRICES ?? []),
          streamChat: refuse,
          completeJson: refuse,
        },
    webPush: webPush(api ?? worker),
    speechToText: worker ? speechToText(worker) : { transcribe: refuse },
    payments: payments(api ?? worker, clock),
    objectStore: objectStore(api ?? worker),
    fileScanner: null,
  };
}

function refuse(): never {
  throw new Error('This process is not configured for it: no role of it needs it.');
}

function google(config: ConfigOf<'api'>): Providers['google'] {
  return googleIdentityProvider({
    clientId: config.GOOGLE_CLIENT_ID,
    clientSecret: config.GOOGLE_CLIENT_SECRET,
    baseUrl: config.GOOGLE_BASE_URL ?? null,
    timeoutMs: 5_000,
    // Google's tokens are dated by the world's clock, whatever ours is moved to.
    now: () => systemClock.now().getTime(),
  });
}

function languageModel(config: ConfigOf<'api'>): Providers['languageModel'] {
  return openAiModel({
    apiKey: config.OPENAI_API_KEY,
    baseUrl: config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    standardModel: config.OPENAI_MODEL,
    prices: pricesOf(config.AI_MODEL_PRICES),
    firstTokenTimeoutMs: config.AI_FIRST_TOKEN_SECONDS * 1_000,
    idleTimeoutMs: config.AI_IDLE_SECONDS * 1_000,
    totalTimeoutMs: config.AI_TOTAL_SECONDS * 1_000,
    maxOutputTokens: config.AI_MAX_OUTPUT_TOKENS,
    maxAnswerLength,
  });
}

function speechToText(config: ConfigOf<'worker'>): Providers['speechToText'] {
  return deepgramSpeech({
    apiKey: config.DEEPGRAM_API_KEY,
    baseUrl: config.DEEPGRAM_BASE_URL ?? 'https://api.deepgram.com',
    timeoutMs: config.SPEECH_TIMEOUT_SECONDS * 1_000,
  });
}

function webPush(config: ConfigOf<'worker'> | ConfigOf<'api'> | null): Providers['webPush'] {
  if (!config) return { publicKey: '', endpointFault: refuse, send: refuse };
  return webPushProvider({
    publicKey: config.VAPID_PUBLIC_KEY,
    privateKey: config.VAPID_PRIVATE_KEY,
    subject: config.VAPID_SUBJECT,
    timeoutMs: 10_000,
    allowLoopback: config.NODE_ENV !== 'production',
  });
}

/** What payers know us by. */
const publicName = 'Perpetua Flow';

function payments(config: ConfigOf<'worker'> | ConfigOf<'api'> | null, clock: Clock): Providers['payments'] {
  if (!config) {
    const events = { signatureHeader: '', looksSigned: refuse, readEvent: refuse };
    const others = { findPayments: refuse, refund: refuse, cancelRetry: refuse, ...events };
    return { openPage: refuse, charge: refuse, readPayment: refuse, ...others };
  }
  const { CHECKOUT_WEBHOOK_SECRET: secret, CHECKOUT_OTHER_WEBHOOK_SECRET: other } = config;
  return checkoutPayments({
    secretKey: config.CHECKOUT_SECRET_KEY,
    baseUrl: config.CHECKOUT_BASE_URL,
    webhookSecrets: other === null ? [secret] : [secret, other],
    processingChannelId: config.CHECKOUT_PROCESSING_CHANNEL_ID,
    billingCountry: config.CHECKOUT_BILLING_COUNTRY,
    timeoutMs: 10_000,
    publicName,
    now: () => clock.now(),
  });
}

/** The variables that say where files are. */
type StorageConfig = Pick<
  Config,
  'FILES_FOLDER' | 'S3_BUCKET' | 'S3_ENDPOINT' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY'
>;

/** Where a folder is meant and none is named. */
export const defaultFilesFolder = '.local/files';

/** Where files are kept. */
export function objectStore(config: StorageConfig | null): ObjectStore {
  const bucket = config?.S3_BUCKET ?? null;
  if (!config || bucket === null) return folderStore(config?.FILES_FOLDER ?? defaultFilesFolder);
  return bucketStore({
    endpoint: config.S3_ENDPOINT ?? null,
    region: config.S3_REGION,
    bucket,
    accessKeyId: config.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: config.S3_SECRET_ACCESS_KEY ?? '',
  });
}
