import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a new domain and the things in it are called. */
export interface DomainNames {
  /** `habits` */
  readonly domain: string;
  /** `habit` */
  readonly thing: string;
  /** `Habit` */
  readonly type: string;
  /** `Habits` */
  readonly types: string;
}

/** Folders of the rooms that are no domain, and schemas of PostgreSQL that are not ours. */
const taken = ['events', 'http', 'kernel', 'laws', 'pgboss', 'platform', 'providers', 'public', 'support', 'upkeep'];

/** Words that are no name of a table or a column without quotes. @see https://www.postgresql.org/docs/18/sql-keywords-appendix.html */
const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
   deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into
   lateral leading limit not null offset on only or order placing primary references returning select some symmetric table
   then to trailing true union unique user using variadic when where window with`.split(/\s+/),
);

/** With the longest suffix that an index gets, names stay below the 63 bytes of PostgreSQL. */
const maxLength = 30;

/** A name that cannot be taken; its message says why. */
export class NameError extends Error {
  override readonly name = 'NameError';
}

/** The names of a domain. @throws NameError when they are unfit */
export function namesOf(domain = '', thing = singularOf(domain)): DomainNames {
  for (const word of [domain, thing]) requireFit(word);
  if (domain === thing) {
    throw new NameError(`Say what one thing in ${domain} is called: npm run new -- domain ${domain} THING`);
  }
  return { domain, thing, type: capitalized(thing), types: capitalized(domain) };
}

function singularOf(plural: string): string {
  return plural.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function requireFit(word: string): void {
  const usage = 'npm run new -- domain habits';
  if (!/^[a-z]+$/.test(word)) {
    throw new NameError(`"${word}" is no name: a domain is one word in lower-case letters, such as in ${usage}`);
  }
  if (word.length > maxLength) throw new NameError(`${word} is too long: a name has at most ${maxLength} letters.`);
  if (reserved.has(word)) throw new NameError(`${word} is a word of SQL: a table of that name would need quotes.`);
}

/** Makes sure that nothing in the repository at `root` has these names. @throws NameError */
export function requireFree(root: string, { domain, thing, type, types }: DomainNames): void {
  const rooms = ['entities', 'src', 'resolvers', 'test'].flatMap((room) => readdirSync(join(root, room)));
  if (taken.includes(domain) || rooms.includes(domain)) throw new NameError(`${domain} is taken already.`);
  const classes = globSync('entities/*/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
  if (classes.some((text) => new RegExp(`^export (class|enum) (${type}|${types})\\b`, 'm').test(text))) {
    throw new NameError(`${thing} is taken already: call the things in ${domain} something else.`);
  }
  const schema = readFileSync(join(root, 'test/laws/contract.graphql'), 'utf8');
  const promised = new RegExp(
    `\\b(type|enum|input|union|scalar) ${type}\\b|^  (${domain}|create${type}|delete${type})[(:]`,
    'm',
  );
  const found = promised.exec(schema)?.[0].replace(/[(:]$/, '').trim();
  if (found === undefined) return;
  throw new NameError(
    `The contract has "${found}" of another shape already: call the domain or its things something else, or make it under another name, and rename and reshape it by the contract.`,
  );
}
