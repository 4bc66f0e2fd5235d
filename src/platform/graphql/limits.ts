import { GraphQLError } from 'graphql';

/** A document, or its variables, beyond a limit. */
export class LimitExceeded extends GraphQLError {
  constructor(
    /** Which one, for the log. */
    readonly limit: string,
    message: string,
  ) {
    super(message);
  }
}

/** Limits on a document's text: characters, tokens and lines. */
export interface TextLimits {
  readonly maxLength: number;
  readonly maxTokens: number;
}

/** What a signed-in client may send. */
export const textLimits: TextLimits = { maxLength: 50_000, maxTokens: 2_000 };
/** What a stranger may send, who may ask for the schema at most: its longest usual question has 184 tokens. */
export const strangersTextLimits: TextLimits = { maxLength: 5_000, maxTokens: 400 };

/** Each error names its lines, and finding one takes as long as there are lines before it. */
const maxLines = 2_000;

/** @throws LimitExceeded before anything is parsed */
export function checkText(source: string, { maxLength }: TextLimits): void {
  if (source.length > maxLength) {
    throw new LimitExceeded('length', `A document may have at most ${maxLength} characters.`);
  }
  let lines = 1;
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines += 1;
  for (let at = source.indexOf('\r'); at >= 0; at = source.indexOf('\r', at + 1)) lines += 1;
  if (lines > maxLines) throw new LimitExceeded('lines', `A document may have at most ${maxLines} lines.`);
}
