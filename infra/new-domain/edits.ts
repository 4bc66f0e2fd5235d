import type { DomainNames } from './names.js';
import { contractOf } from './other-files.js';
import type { Place } from './place.js';

/** A change of a file: `text` goes behind or before what a pattern finds, wherever it does. */
interface Edit {
  readonly file: string;
  readonly at: RegExp;
  readonly place: 'before' | 'behind';
  readonly text: string;
}

/** What a new domain with its place changes in files that are there, before anything is generated. Imports are sorted by the formatter. */
export function editsOf(names: DomainNames, place: Place): Edit[] {
  const { domain, thing, type, types } = names;
  const behind = (file: string, at: RegExp, text: string): Edit => ({ file, at, place: 'behind', text });
  const before = (file: string, at: RegExp, text: string): Edit => ({ file, at, place: 'before', text });
  const contract = 'test/laws/contract.graphql';
  return [
    ...orderEditsOf(domain, place),
    before('entities/index.ts', /\n\/\*\* Every table/, `import { ${type} } from './${domain}/${thing}.js';\n`),
    before('entities/index.ts', /\n\];/, `\n  ${type},`),
    before(
      'resolvers/index.ts',
      /\n\/\*\* What differs/,
      `import { ${types}Resolver } from './${domain}/${domain}.js';\n`,
    ),
    before('resolvers/index.ts', /\n\];/, `\n  ${types}Resolver,`),
    before('src/events/index.ts', /\n\/\*\* Every kind/, `import * as ${domain} from './${domain}.js';\n`),
    before('src/events/index.ts', /\n\];/, `\n  ...Object.values(${domain}),`),
    before(
      'src/admin/shell/doors.ts',
      /\n\/\*\* The use cases/,
      `import * as ${domain} from '../../${domain}/index.js';\n`,
    ),
    before('src/admin/shell/doors.ts', /\n\};/, `\n  ${domain},`),
    before(
      'src/privacy/account-tables.ts',
      /\n\/\*\* What this domain/,
      `import { ${domain}Tables } from '../${domain}/index.js';\n`,
    ),
    behind('src/privacy/account-tables.ts', /\n {2}\.\.\.privacyTables,/, `\n  ...${domain}Tables,`),
    before('src/accounts/may.ts', /\n {2}\| 'message'/, `\n  | '${thing}'`),
    before('src/accounts/capacity.ts', /\n\} as const;/, `\n  ${domain}: '${domain}',`),
    before('src/accounts/limits.ts', /\n {2}readonly notes: number;/, `\n  readonly ${domain}: number;`),
    before('src/accounts/limits.ts', /\n {4}notes: /, `\n    ${domain}: 1_000,`),
    behind(
      'resolvers/limits.ts',
      /\n {2}notes!: number;/,
      `\n\n  @Field(() => Int, { description: 'How many ${domain} the account may have.' })\n  ${domain}!: number;`,
    ),
    before('operations/identity.graphql', /\n {6}remindersPerTask/, `\n      ${domain}`),
    behind(contract, /^type Limits \{/m, ` ${domain}: Int!`),
    behind(contract, /^type Query \{/m, `\n  ${domain}(first: Int, after: String): ${type}Connection!`),
    behind(contract, /^type Mutation \{/m, `\n  create${type}(input: Create${type}Input!): ${type}Payload!`),
    behind(contract, /^type Mutation \{/m, `\n  delete${type}(input: Delete${type}Input!): DeletePayload!`),
    behind(contract, /^enum EventType \{/m, `\n  ${thing.toUpperCase()}_CREATED ${thing.toUpperCase()}_DELETED`),
    behind(contract, /\n$/, contractOf(names)),
  ];
}

/** A domain's place among the others, where they are listed. What exists is listed in the README's tree as well. */
function orderEditsOf(domain: string, { isPlanned, next }: Place): Edit[] {
  const before = (file: string, at: RegExp, text: string): Edit => ({ file, at, place: 'before', text });
  const last = [
    before('.dependency-cruiser.cjs', /(?<=\n {2}\.\.\.\['assistant'), 'privacy'\],/, `, '${domain}'`),
    before('README.md', /(?<=accounts, activity, auth, [a-z, ]+), privacy\./, `, ${domain}`),
    before('docs/architecture.md', /(?<=accounts, activity, auth, [a-z, ]+), privacy\./, `, ${domain}`),
  ];
  const inTree =
    next === null
      ? before('README.md', /(?<=^ {2}accounts activity [a-z ]+)\/ /m, ` ${domain}`)
      : before('README.md', new RegExp(`(?<=^ {2}accounts activity [a-z ]*)\\b${next}\\b`, 'm'), `${domain} `);
  return [...(isPlanned ? [] : last), inTree];
}

/** The same for what uses generated code. */
export function laterEditsOf({ thing, type }: DomainNames): Edit[] {
  const file = 'test/support/things.ts';
  const before = (at: RegExp, text: string): Edit => ({ file, at, place: 'before', text });
  return [
    before(/(?<=^import \{)\s+(?=[^;]*generated\/documents)/m, ` Create${type},`),
    before(/\n {2}\| 'message'/, `\n  | '${thing}'`),
    before(
      /\n {4}message: /,
      `\n    ${thing}: (await person.ok(Create${type}, { input: { title: 'x' } })).create${type}.${thing}.id,`,
    ),
    before(/\n {2}'EndSessionInput\.id'/, `\n  'Delete${type}Input.id': '${thing}',`),
  ];
}

/** The text of a file with edits. @throws when one finds no place */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { file, at, place, text: added }) => {
    if (!at.test(before)) throw new Error(`${file} has no place for "${added.trim()}": nothing matches ${at}.`);
    const all = new RegExp(at.source, `${at.flags}g`);
    return before.replaceAll(all, (found) => (place === 'before' ? `${added}${found}` : `${found}${added}`));
  }, text);
}
