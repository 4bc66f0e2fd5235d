import { createPrivateKey, createPublicKey } from 'node:crypto';
import proxyAddr from '@fastify/proxy-addr';
import pg from 'pg';
import { z } from 'zod';

// What the text of a variable can mean. Each piece refuses in words for whoever sets it: what it must be, and an example.

/** A whole number; what stands when it is not set is its example. */
export function wholeNumber(standard: number, { least = 1, most = Number.MAX_SAFE_INTEGER } = {}) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const rule = `must be a whole number ${range}, such as ${standard}`;
  const digits = z.string(rule).regex(/^\d+$/, rule);
  return digits.transform(Number).pipe(z.number().min(least, rule).max(most, rule)).default(standard);
}

/** A TCP port; 0 is any that is free. */
export function port(standard: number) {
  return wholeNumber(standard, { least: 0, most: 65_535 });
}

const portOrOffRule = 'must be off or a whole number from 0 to 65535, such as 9464';

/** A TCP port, 0 being any that is free; null for `off`, which stands when it is not set. */
export const portOrOff = z
  .string()
  .default('off')
  .transform((text, refusal) => {
    if (text === 'off') return null;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    refusal.addIssue(portOrOffRule);
    return null;
  });

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, `must be ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words)}`);
}

export const flag = oneOf(['true', 'false']).transform((text) => text === 'true');

export const optional = z
  .string()
  .optional()
  .transform((text) => text || null);

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** A list whose items are judged one by one. */
function listOf(isSound: (item: string) => boolean, rule: string) {
  return list.transform((items, refusal) => {
    for (const item of items) if (!isSound(item)) refusal.addIssue(`${rule}, unlike ${quoted(item)}`);
    return items;
  });
}

export const proxies = listOf(isProxy, 'must be addresses or networks, such as 10.0.0.0/8, separated by commas');
export const origins = listOf(
  isOrigin,
  'must be origins as browsers write them, such as https://app.example.com, separated by commas',
);

const pricePattern = /^(?<model>\S+)=(?<input>\d+(?:\.\d+)?)\/(?<output>\d+(?:\.\d+)?)$/;

/** Prices of models: `model=input/output`, in dollars for a million tokens. */
export const prices = listOf(
  (item) => pricePattern.test(item),
  'must be prices of models, in dollars for a million tokens of input and of output, such as gpt-4o-mini=0.15/0.6, separated by commas',
);

/** What such a list says, by model. */
export function pricesOf(
  items: readonly string[],
): ReadonlyMap<string, { readonly input: number; readonly output: number }> {
  return new Map(
    items.flatMap((item) => {
      const { model, input, output } = pricePattern.exec(item)?.groups ?? {};
      return model === undefined ? [] : [[model, { input: Number(input), output: Number(output) }]];
    }),
  );
}

/** An address of HTTP. */
export function webAddress(example: string) {
  return z.url({ protocol: /^https?$/, error: `must be an http: or https: address, such as ${example}` });
}

const pageAddressRule =
  'must be an http: or https: address of at most 150 characters without a name, a query or a fragment, such as https://app.example.com';

/** An address that others are made under, without a slash at its end. */
export const pageAddress = z.string().transform((text, refusal) => {
  const url = URL.parse(text);
  const isPage = url !== null && /^https?:$/.test(url.protocol) && text.length <= 150;
  if (!isPage || /[?#]/.test(text) || url.username !== '' || url.password !== '') refusal.addIssue(pageAddressRule);
  return text.replace(/\/+$/, '');
});

const countryRule = 'must be two capital letters of a country (ISO 3166-1), such as US';
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** What Unicode has for none that is known: https://www.unicode.org/reports/tr35/#unicode_region_subtag */
const unknownRegion = 'ZZ';
const isKnown = (code: string) => /^[A-Z]{2}$/.test(code) && code !== unknownRegion && regions.of(code) !== undefined;
/** A country's two letters. */
export const country = z.string().refine(isKnown, countryRule);

/** One of several channels that an account at the payment provider may have. */
export const processingChannel = optional.refine(
  (text) => text === null || /^pc_\w+$/.test(text),
  'must be the id of a processing channel, such as pc_ovo75iz4hdyudnx6tu74mum3fq',
);

export const databaseUrlExample = 'postgres://perpetua:password@db.example.com:5432/perpetua?sslmode=verify-full';

export const databaseUrl = optional.transform((text, refusal) => {
  const fault = text === null ? null : faultOfDatabaseUrl(text);
  if (fault) refusal.addIssue(fault);
  return text;
});

/** An RSA key; `kinds` are those of its PEM. The signatures' library takes none that is shorter. */
export function rsaKey(kinds: readonly ('PRIVATE' | 'PUBLIC')[], rule: string) {
  return optional.transform((text, refusal) => {
    if (text === null) return null;
    // Many deployments can only pass one line.
    const unfolded = text.replaceAll('\\n', '\n').trim();
    const kind = kinds.find((each) => unfolded.startsWith(`-----BEGIN ${each} KEY-----\n`));
    if (!kind || bitsOfRsaKey(unfolded) < 2_048) refusal.addIssue(rule);
    return unfolded;
  });
}

/** 0 for what is no RSA key. */
export function bitsOfRsaKey(pem: string): number {
  try {
    const key = pem.includes('PRIVATE') ? createPrivateKey(pem) : createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  } catch {
    return 0;
  }
}

/** Bytes of a P-256 key, base64url: 65 of an uncompressed public one, 32 of a private one. */
export function p256(bytes: number) {
  return optional.refine(
    (text) => text === null || (/^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === bytes),
    `must be ${bytes} bytes, base64url, such as \`npx web-push generate-vapid-keys\` prints`,
  );
}

export const contact = optional.refine(
  (text) => text === null || (/^(mailto:|https:\/\/)./.test(text) && URL.canParse(text)),
  'must be a mailto: or https: address, such as mailto:ops@example.com',
);

/** What was given, as it can be shown: not with a password in it, and not all of a long one. */
export function quoted(text: string): string {
  if (/\/\/[^/\s]*@/.test(text)) return 'an address with a password, which is not shown';
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** What node-postgres makes of an address in the end: the last parameter of a name counts, and PGHOST, PGSSLMODE too. */
export function readByDriver(connectionString: string) {
  const { host, ssl } = new pg.Client({ connectionString });
  // The driver's types know no TLS options here.
  const tls: unknown = ssl;
  return { host, tls };
}

function faultOfDatabaseUrl(text: string): string | null {
  const protocol = URL.parse(text)?.protocol;
  if (protocol !== 'postgres:' && protocol !== 'postgresql:')
    return `must be a postgres: address, such as ${databaseUrlExample}`;
  try {
    readByDriver(text);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'node-postgres does not read it';
    return `must be an address that can be used, such as ${databaseUrlExample} (${reason})`;
  }
}

function isProxy(text: string): boolean {
  try {
    proxyAddr.compile([text]);
    return true;
  } catch {
    return false;
  }
}

/** Apps in a shell of their own have schemes of their own, such as `capacitor://localhost`. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  return url.origin === 'null' ? /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@A-Z]+$/.test(text) : url.origin === text;
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127\.[\d.]+$/.test(hostname);
}
