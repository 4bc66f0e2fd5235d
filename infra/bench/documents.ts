import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defaultTrustedDocumentsFile } from '../../src/config.js';

const texts = Object.values(
  z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(defaultTrustedDocumentsFile, 'utf8'))),
);

/** The text of an operation as clients send it. @throws when `operations/` has none of that name */
export function documentOf(operation: string): string {
  const text = texts.find((each) => new RegExp(`\\b(query|mutation|subscription) ${operation}\\b`).test(each));
  if (text === undefined) throw new Error(`There is no operation ${operation}.`);
  return text;
}
