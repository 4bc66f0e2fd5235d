import { type AdminCommand, type CommandOption, UsageError } from './command.js';
import { commands } from './commands.js';

/** What all commands take. */
const commonOptions = {
  json: { value: null, says: 'Print one JSON document.' },
  help: { value: null, says: 'Print this.' },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** What commands take besides that change something. */
const changeOptions = {
  reason: {
    value: 'TEXT',
    says: 'Why, in 1 to 200 characters that name nobody; users read it in their activity. Needed to change anything.',
  },
  operator: { value: 'NAME', says: "Who does it, for the record; the system's user when not given." },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** Every option of a command. */
export function optionsOf({ options, mayChange }: AdminCommand): Readonly<Record<string, CommandOption>> {
  return { ...options, ...(mayChange ? changeOptions : {}), ...commonOptions };
}

/** What is printed for `help`, and for `help COMMAND`. @throws UsageError when there is no such command */
export function helpOf(words: readonly string[]): string {
  if (words.length === 0) return allCommands();
  const name = words.join(' ');
  const found = commands.filter((command) => command.name === name || command.name.startsWith(`${name} `));
  if (found.length === 0) throw unknownCommand(name);
  return found.map(helpOfCommand).join('\n\n');
}

/** @param name as it was typed */
export function unknownCommand(name: string): UsageError {
  return new UsageError(`There is no command ${JSON.stringify(name)}. \`admin help\` lists them.`);
}

function allCommands(): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  const lines = commands.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.says}`);
  return ['Usage: admin COMMAND [OPTIONS]', '', ...lines, '', '`admin help COMMAND` has the options of one.'].join(
    '\n',
  );
}

function helpOfCommand(command: AdminCommand): string {
  const options = Object.entries(optionsOf(command)).map(([name, { value, says }]) => ({
    usage: value === null ? `--${name}` : `--${name} ${value}`,
    says,
  }));
  const width = Math.max(...options.map(({ usage }) => usage.length));
  const lines = options.map(({ usage, says }) => `  ${usage.padEnd(width)}  ${says}`);
  return [`Usage: admin ${usageOf(command)} [OPTIONS]`, '', command.says, '', ...lines].join('\n');
}

/** `grant USER CREDITS`, `recompute [USER]`. */
function usageOf({ name, words }: AdminCommand): string {
  const shown = words.map((word) => (word.endsWith('?') ? `[${word.slice(0, -1)}]` : word).toUpperCase());
  return [name, ...shown].join(' ');
}
