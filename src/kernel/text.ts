/** Every way to end a line or a page: Unicode's mandatory breaks (UAX #14). */
const breaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
/** Everything below a space but tab and line feed, and the delete characters of Latin 1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** Marks that turn the direction of what follows, and can make a text read as another one: bidi embeddings, isolates. */
const directionOverrides = /[\u202A-\u202E\u2066-\u2069]/g;
/**
 * Something to see. Not: blanks, what Unicode ignores by default (zero-width characters, joiners, variation selectors,
 * tags, Hangul fillers), and the few others without a glyph: blank braille, annotation marks, the null notehead.
 */
const visible = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\uFFF9-\uFFFB\u{1D159}]/u;
/** Zero-width characters that do nothing at the edge of a text; joiners, selectors and tags may belong to an emoji. */
const zeroWidth = /[\u00AD\u180E\u200B\u2060\uFEFF]/g;
const edge = /[\s\u0085\u00AD\u180E\u200B\u2060\uFEFF]/;

/**
 * Text of several lines as it is kept: composed (NFC), so that what looks the same is the same and is found by
 * searching; every line and page break a `\n`; without blank lines before it and blanks behind it, while the first
 * line keeps its indent. Empty when it shows nothing.
 */
export function paragraphsOf(text: string): string {
  const composed = text.replace(breaks, '\n').normalize('NFC');
  if (!visible.test(composed)) return '';
  const { start, end } = edges(composed);
  const indent = composed.slice(composed.lastIndexOf('\n', start) + 1, start);
  return indent.replace(zeroWidth, '') + composed.slice(start, end);
}

/** The same as one line: breaks and tabs are spaces, nothing overrides its direction, and blanks go on both sides. */
export function lineOf(text: string): string {
  const line = text
    .replace(breaks, '\n')
    .replace(/[\t\n]+/g, ' ')
    .replace(directionOverrides, '')
    .normalize('NFC');
  if (!visible.test(line)) return '';
  const { start, end } = edges(line);
  return line.slice(start, end);
}

/** Whether there is anything to see in it. */
export function isVisible(text: string): boolean {
  return visible.test(text);
}

/** Whether there are control characters in it, other than tabs and line feeds. */
export function hasControls(text: string): boolean {
  return text.search(controls) >= 0;
}

/** A number of things as a person says it: `1 subtask`, `2 subtasks`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The beginning of a text, of at most `max` Unicode code points and without half of what readers see as one character,
 * such as an emoji of several people. One that is longer than all that may stay is cut apart. The work is bounded by
 * `max`, however long the text is.
 */
export function beginningOf(text: string, max: number): string {
  const end = unitsOf(text, max);
  if (end === text.length) return text;
  // Whether characters end here is decided by what stands before it and by the next code point.
  const looked = text.slice(0, end + unitsOf(text.slice(end, end + 2), 1));
  const cutAt = graphemes.segment(looked).containing(end)?.index ?? end;
  return text.slice(0, cutAt > 0 ? cutAt : end);
}

/** How many UTF-16 code units the first `count` code points take, at most all. */
function unitsOf(text: string, count: number): number {
  let units = 0;
  for (let point = 0; point < count && units < text.length; point += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/**
 * One line that a provider or a browser says, such as a person's name: nobody is there to be told that it is not good,
 * so it is mended. Lone surrogates become U+FFFD, control characters go, and it ends after `max` code points. @see beginningOf
 */
export function mendedLine(text: string, max: number): string {
  const line = lineOf(text.toWellFormed().replace(breaks, '\n').replace(controls, ''));
  return lineOf(beginningOf(line, max));
}

/**
 * The same for text of several lines, of any length: tabs are spaces, and there are no other control characters but
 * `\n`. Empty when it shows nothing.
 */
export function mendedParagraphs(text: string): string {
  const plain = text.toWellFormed().replace(breaks, '\n').replace(controls, '').replaceAll('\t', ' ');
  return paragraphsOf(plain).trimStart();
}

/** Where the text begins and ends without blanks and zero-width characters at its edges. */
function edges(text: string): { start: number; end: number } {
  let [start, end] = [0, text.length];
  while (start < end && edge.test(text.charAt(start))) start += 1;
  while (end > start && edge.test(text.charAt(end - 1))) end -= 1;
  return { start, end };
}
