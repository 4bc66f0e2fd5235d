import { readFileSync } from 'node:fs';

/** The code blocks of docs/clients.md in this language, pasted into one file. */
export function documentedCode(language: 'ts' | 'tsx'): string {
  const blocks = readFileSync('docs/clients.md', 'utf8').matchAll(/^```(\w+)\n(.*?)^```/gms);
  return [...blocks].flatMap(([, its, code = '']) => (its === language ? [code] : [])).join('\n');
}
