import { parseArgs } from 'node:util';
import { isNativeError } from 'node:util/types';
import { maxOperatorReason } from '../../entities/activity/operator-action.js';
import { field } from '../kernel/input.js';
import { type AdminCommand, type CommandOption, type ReadCommand, UsageError } from './command.js';
import { commands } from './commands.js';
import { optionsOf, unknownCommand } from './help.js';

/** What is to be done. */
export type CommandLine =
  | { readonly kind: 'HELP'; readonly words: readonly string[] }
  | {
      readonly kind: 'COMMAND';
      readonly name: string;
      readonly command: ReadCommand;
      readonly json: boolean;
      readonly reason: string | null;
      /** Null where nobody was named. */
      readonly operator: string | null;
    };

/** Reads what was typed behind `admin`. @throws UsageError */
export function readCommandLine(args: readonly string[]): CommandLine {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help') return { kind: 'HELP', words: [] };
  if (first === 'help') return { kind: 'HELP', words: rest };
  const found = commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word));
  if (!found) return helpOrUnknown(args);
  const { values, positionals } = parsed(found, args.slice(found.name.split(' ').length));
  if (values['help'] === true) return { kind: 'HELP', words: [found.name] };
  const { json, reason, operator, ...options } = values;
  const command = found.read({ ...wordsOf(found, positionals), ...options });
  return {
    ...{ kind: 'COMMAND', name: found.name, command, json: json === true },
    reason: command.changes ? readReason(found, reason) : null,
    operator: typeof operator === 'string' ? operator : null,
  };
}

/** `ledger --help` speaks of all commands that begin so. */
function helpOrUnknown(args: readonly string[]): CommandLine {
  const firstOption = args.findIndex((word) => word.startsWith('-'));
  const words = firstOption < 0 ? args : args.slice(0, firstOption);
  if (args.includes('--help')) return { kind: 'HELP', words };
  throw unknownCommand(words.slice(0, 2).join(' '));
}

function parsed(command: AdminCommand, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(optionsOf(command)).map(([name, { value }]: [string, CommandOption]) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!isNativeError(error)) throw error;
    // It goes on with advice about words that begin with a dash.
    const [message = ''] = error.message.split('. ');
    throw new UsageError(
      `${command.name}: ${message.replaceAll('\n', ' ')}. \`admin help ${command.name}\` has them all.`,
    );
  }
}

/** What was typed, under the names of the words. */
function wordsOf({ name, words }: AdminCommand, typed: readonly string[]): Record<string, string | undefined> {
  const surplus = typed.slice(words.length);
  if (surplus.length > 0) throw new UsageError(`${name}: ${JSON.stringify(surplus[0])} is one word too many.`);
  return Object.fromEntries(words.map((word, index) => [word.replace('?', ''), typed[index]]));
}

const Reason = field.line(1, maxOperatorReason);

function readReason({ name }: AdminCommand, given: unknown): string {
  const reason = Reason.safeParse(given);
  if (reason.success) return reason.data;
  const [issue] = reason.error.issues;
  const rule = given === undefined ? 'is needed, since this changes something' : issue?.message;
  throw new UsageError(`${name}: --reason ${rule}.`);
}
