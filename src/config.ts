import { createECDH } from 'node:crypto';
import { unfitForProduction } from './config-production.js';
import { databaseUrlExample, quoted } from './config-values.js';
import {
  type DatabaseUrl,
  databaseUrls,
  defaultTrustedDocumentsFile,
  type Fault,
  type Mandatory,
  mandatory,
  type Role,
  sampleCheckoutKey,
  sampleCheckoutWebhookSecret,
  sampleDeepgramKey,
  sampleGoogleClientId,
  sampleOpenAiKey,
  sampleVapidSubject,
  secrets,
  type VariableName,
  type Variables,
  variables,
  variablesOf,
} from './config-variables.js';

export type { DatabaseUrl, Role };
export {
  databaseUrls,
  defaultTrustedDocumentsFile,
  sampleCheckoutKey,
  sampleCheckoutWebhookSecret,
  sampleDeepgramKey,
  sampleGoogleClientId,
  sampleOpenAiKey,
  sampleVapidSubject,
  variables,
  variablesOf,
};

/** A configuration that cannot be used; its message names every fault at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Everything that can be configured. Parsed once at the edge, handed down, never read again. */
export type Config = Readonly<Omit<Variables, Mandatory | DatabaseUrl | 'INTROSPECTION'>> &
  Readonly<Record<Mandatory | DatabaseUrl, string>> & {
    readonly INTROSPECTION: boolean;
  };

/** What a role is configured with, or several. */
export type ConfigOf<R extends Role> = Pick<Config, (typeof variablesOf)[R][number]>;

const names = variables.keyof().options;

/** Variables as they are given; an empty one (`PORT=`) is not set. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `.env`-style variables without judging what is missing: `npm start` fills the gaps before `readConfig`. */
export function readVariables(env: Environment): Variables {
  const { read, malformed } = readSound(env, names);
  refuse(env, malformed, contradictions(read, names));
  return read;
}

/** Variables as far as they are sound, and what is wrong with the others: for whoever has to say so, and go on. */
export interface ExaminedVariables {
  readonly variables: Variables;
  /** A line for each fault; none of what only a role could miss, but for the database. */
  readonly faults: readonly string[];
}

/** Looks at all variables that are set, as every role would. */
export function examineVariables(env: Environment): ExaminedVariables {
  const { read, malformed } = readSound(env, names);
  const unfit = read.NODE_ENV === 'production' ? unfitForProduction(read).filter(({ name }) => env[name]) : [];
  return {
    variables: read,
    faults: linesOf(env, malformed, [...missing(read, ['admin']), ...unfit, ...contradictions(read, names)]),
  };
}

/**
 * What these roles are configured with; of the variables of others nothing is asked.
 * @throws ConfigError with every fault on a line of its own: what is missing, malformed, or not fit for production.
 */
export function readConfig<const R extends Role>(env: Environment, roles: readonly R[]): ConfigOf<R> {
  const asked = names.filter((name) => roles.some((role) => namesOf(role).includes(name)));
  const { read, malformed } = readSound(env, asked);
  refuse(env, malformed, [
    ...missing(read, roles),
    ...(read.NODE_ENV === 'production' ? unfitForProduction(read).filter(({ name }) => asked.includes(name)) : []),
    ...contradictions(read, asked),
  ]);
  const direct = read.DIRECT_URL ?? read.DATABASE_URL ?? read.MIGRATE_URL;
  const config = {
    ...read,
    DATABASE_URL: read.DATABASE_URL ?? direct,
    DIRECT_URL: direct,
    MIGRATE_URL: read.MIGRATE_URL ?? direct,
    INTROSPECTION: read.INTROSPECTION ?? read.NODE_ENV !== 'production',
  };
  if (!isComplete(config, roles)) throw new Error('What is missing was not refused.');
  return config;
}

function namesOf(role: Role): readonly VariableName[] {
  return variablesOf[role];
}

/** What is malformed is read as if it were not set, so that the rest can be judged as well. */
function readSound(env: Environment, asked: readonly VariableName[]): { read: Variables; malformed: Fault[] } {
  const present = Object.fromEntries(asked.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = variables.safeParse(present);
  if (parsed.success) return { read: parsed.data, malformed: [] };
  const malformed = names.flatMap((name) =>
    parsed.error.issues.filter(({ path }) => path[0] === name).map(({ message }) => ({ name, rule: message })),
  );
  for (const { name } of malformed) delete present[name];
  return { read: variables.parse(present), malformed };
}

/** @throws ConfigError with all that is wrong; nothing when nothing is */
function refuse(env: Environment, malformed: readonly Fault[], others: readonly Fault[]): void {
  const lines = linesOf(env, malformed, others);
  if (lines.length > 0) throw new ConfigError(lines.join('\n'));
}

/** All that is wrong, in the order of the variables, a line each. */
function linesOf(env: Environment, malformed: readonly Fault[], others: readonly Fault[]): string[] {
  const isSound = (name: VariableName) => !malformed.some((fault) => fault.name === name);
  const judged = others.filter(({ name, because = [] }) => [name, ...because].every(isSound));
  const faults = [...malformed, ...judged].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return [...new Set(faults.map(({ name, rule }) => `${name}: ${rule}; ${given(name, env[name])}`))];
}

function given(name: VariableName, text = ''): string {
  if (text === '') return 'it is not set';
  return secrets.has(name) ? 'what it is now is not shown' : `it is ${quoted(text)}`;
}

/** A process that is more than `migrate` needs the first of the addresses. */
function missing(read: Variables, roles: readonly Role[]): Fault[] {
  const others = roles.filter((role) => role !== 'migrate');
  const faults = mandatory
    .filter(({ name }) => read[name] === null && others.some((role) => namesOf(role).includes(name)))
    .map(({ name, example }) => ({ name, rule: `must be set, such as ${example}` }));
  const hasDatabase = databaseUrls.some((name) => read[name] !== null);
  if (others.length > 0 || hasDatabase) return faults;
  return [{ name: 'MIGRATE_URL', rule: `must be set, such as ${databaseUrlExample}` }];
}

function isComplete<R extends Role>(config: object, roles: readonly R[]): config is ConfigOf<R> {
  const needed = [...databaseUrls, ...mandatory.map(({ name }) => name)];
  return needed.every(
    (name) => !roles.some((role) => namesOf(role).includes(name)) || typeof Reflect.get(config, name) === 'string',
  );
}

/** What is sound by itself, but not beside another of the variables that were asked for. */
function contradictions(read: Variables, asked: readonly VariableName[]): Fault[] {
  const listens = asked.includes('PORT') && asked.includes('OPERATIONS_PORT');
  return [
    ...(isPair(read) ? [] : [notPair]),
    ...(listens && meet(read) ? [samePort] : []),
    ...(asked.includes('S3_BUCKET') ? unknownAtBucket(read) : []),
  ];
}

/** A bucket takes nothing from strangers. */
function unknownAtBucket(read: Variables): Fault[] {
  if (read.S3_BUCKET === null) return [];
  const names = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  return names
    .filter((name) => read[name] === null)
    .map((name) => ({ name, rule: 'must be set beside S3_BUCKET, as its server gave it' }));
}

const samePort: Fault = {
  name: 'OPERATIONS_PORT',
  rule: 'must be off or another port than PORT, which is the same on the same address',
  because: ['PORT'],
};

/** Of one port two servers may have an address each, unless one of them has all. */
function meet({ PORT, HOST, OPERATIONS_PORT, OPERATIONS_HOST }: Variables): boolean {
  const hosts = [HOST, OPERATIONS_HOST];
  const overlap = HOST === OPERATIONS_HOST || hosts.some((host) => host === '0.0.0.0' || host === '::');
  return PORT === OPERATIONS_PORT && PORT !== 0 && overlap;
}

const notPair: Fault = {
  name: 'VAPID_PUBLIC_KEY',
  rule: 'must belong to VAPID_PRIVATE_KEY, such as the pair that `npx web-push generate-vapid-keys` prints',
};

/** Push services refuse what one key signs and another vouches for: better said here. */
function isPair({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Variables): boolean {
  if (VAPID_PUBLIC_KEY === null || VAPID_PRIVATE_KEY === null) return true;
  const pair = createECDH('prime256v1');
  try {
    pair.setPrivateKey(VAPID_PRIVATE_KEY, 'base64url');
  } catch {
    return false;
  }
  return pair.getPublicKey('base64url') === VAPID_PUBLIC_KEY;
}

/** The variables that make this configuration, for a process of its own. */
export function toEnv(config: object): Record<string, string> {
  const given = Object.entries(config).filter(([, value]) => value !== null && value !== undefined);
  // Lists are joined by commas, as they are read.
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
