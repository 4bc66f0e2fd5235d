import { globSync, readFileSync } from 'node:fs';

/** What the source of an entity says of it: sentences. */
export interface Words {
  /** What a row is. */
  readonly row: string;
  /** What columns are, by the entity's fields. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * The words of every entity, by its class: the comment before the class, and for each of its fields the description that
 * clients get and the comment. Fields stand apart by a blank line. Read from the source, since no API compiles it.
 */
export function readWords(folder = 'entities'): ReadonlyMap<string, Words> {
  const texts = globSync(`${folder}/*/*.ts`).map((file) => readFileSync(file, 'utf8'));
  return new Map(texts.flatMap(wordsOf));
}

function wordsOf(text: string): [string, Words][] {
  const blocks = text.split(/\n\n/);
  return [...text.matchAll(/^export class (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => {
    const block = blocks.find((each) => each.includes(`export class ${name} {`)) ?? '';
    return [name, { row: commentOf(block), fields: new Map(body.split(/\n\n/).flatMap(fieldOf)) }];
  });
}

/** A field with what is said of it; nothing for a method. */
function fieldOf(block: string): [string, string][] {
  const [, name] = /^ {2}(?:readonly )?(\w+)[!?]?: /m.exec(block) ?? [];
  if (name === undefined) return [];
  const [, , described = ''] = /\bdescription:\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/.exec(block) ?? [];
  const said = [described.replaceAll(/\\(.)/g, '$1'), commentOf(block)].filter((each) => each !== '');
  return [[name, said.map((each) => (/[.!?]$/.test(each) ? each : `${each}.`)).join(' ')]];
}

/** The text of the documentation comment that a piece of source begins with. */
function commentOf(block: string): string {
  const [, comment = ''] = /^\s*\/\*\*([\s\S]*?)\*\//.exec(block) ?? [];
  return comment
    .replaceAll(/^\s*\* ?/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
