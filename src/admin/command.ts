import { z } from 'zod';
import type { OperatorAct } from '../activity/index.js';
import type { Session } from './session.js';

/** What was typed cannot be done, whatever the state of things: the command line ends with 2, and this in a line. */
export class UsageError extends Error {}

/** An option of a command besides those that all have. */
export interface CommandOption {
  /** What stands behind it, in capitals; null for one that stands alone. */
  readonly value: string | null;
  /** What it does, for the help. */
  readonly says: string;
}

/** What a command answers. */
export interface Answer {
  /** What `--json` prints: plain values, the moments as texts. */
  readonly data: unknown;
  /** What is printed without it. */
  readonly text: string;
  /** 1 where what was looked at is not as it should be; 0 when not given. */
  readonly exitCode?: 0 | 1;
}

/** What a command does with what was typed. */
export interface CommandDefinition<Schema extends z.ZodType> {
  /** As it is typed, of one word or two: `ledger check`. */
  readonly name: string;
  /** What it does, in a sentence. */
  readonly says: string;
  /** What stands behind the name, in its order; an optional one ends with `?`. */
  readonly words: readonly string[];
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** What the words and options mean, under their names. */
  readonly input: Schema;
  /** Whether it changes something, and so wants a reason. */
  readonly changes: boolean | ((input: z.output<Schema>) => boolean);
  run(session: Session, input: z.output<Schema>): Promise<Answer>;
}

/** A command for whoever knows none of them in particular. */
export interface AdminCommand
  extends Required<Pick<CommandDefinition<z.ZodType>, 'name' | 'says' | 'words' | 'options'>> {
  /** Whether it may change something, so that its help speaks of a reason. */
  readonly mayChange: boolean;
  /** Reads what was typed. @throws UsageError */
  read(typed: Readonly<Record<string, unknown>>): ReadCommand;
}

/** A command, with what was typed. */
export interface ReadCommand {
  readonly changes: boolean;
  run(session: Session): Promise<Answer>;
}

/** Defines a command: the one place that says how it is typed, and what it does. */
export function defineCommand<Schema extends z.ZodType>(definition: CommandDefinition<Schema>): AdminCommand {
  const { name, says, words, options = {}, input, changes } = definition;
  return {
    ...{ name, says, words, options },
    mayChange: changes !== false,
    read: (typed) => {
      const parsed = input.safeParse(typed);
      if (!parsed.success) throw new UsageError(`${name}: ${faultsOf(parsed.error, words, typed)}`);
      return {
        changes: typeof changes === 'function' ? changes(parsed.data) : changes,
        run: (session) => definition.run(session, parsed.data),
      };
    },
  };
}

function faultsOf({ issues }: z.ZodError, words: readonly string[], typed: Readonly<Record<string, unknown>>): string {
  const faults = issues.map(({ path, message }) => {
    const place = String(path[0] ?? '');
    const named = words.some((word) => word.replace('?', '') === place) ? place.toUpperCase() : `--${place}`;
    return `${named} ${typed[place] === undefined ? 'is missing' : message}`;
  });
  return `${faults.join('; ')}.`;
}

/** A whole number as it is typed. */
export function typedNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z
    .string(rule)
    .regex(/^[+-]?\d{1,15}$/, rule)
    .transform(Number)
    .refine((number) => number >= least && number <= most, rule);
}

/** How many of a list are printed. */
export const limitOption = {
  limit: { value: 'NUMBER', says: 'Print at most so many; 100 when not given, 1000 at most.' },
} as const satisfies Readonly<Record<string, CommandOption>>;
/** @see limitOption */
export const typedLimit = typedNumber(1, 1_000).default(100);

/** What a person is named by. */
export const typedUser = z.string().min(1, 'must be an id or an e-mail address');

/** What is recorded of what the session does. @throws Error where none was given, which a command that changes something prevents */
export function actOf({ reason }: Session, action: OperatorAct['action']): OperatorAct {
  if (reason === null) throw new Error('What changes something has a reason.');
  return { action, reason };
}
