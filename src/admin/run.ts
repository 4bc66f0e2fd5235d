import type { Context } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { type Answer, UsageError } from './command.js';
import { type CommandLine, readCommandLine } from './command-line.js';
import type { Finding } from './finding.js';
import { helpOf } from './help.js';
import { print } from './print.js';
import type { Session, Terminal } from './session.js';

/** What the command line is run with. */
export interface AdminMachinery {
  /** Who runs it when nobody is named; null where the system does not know. */
  readonly systemUser: string | null;
  /** Connects, to act as this operator. @throws when the database cannot be reached, or lacks migrations */
  open(operator: string, options: { readonly readOnly: boolean }): Promise<OpenedCore>;
  /** @see Session */
  examine(): Promise<readonly Finding[]>;
}

/** Connected. */
interface OpenedCore {
  readonly ctx: Context;
  close(): Promise<void>;
}

/**
 * Does what was typed behind `admin`, prints it, and answers the exit code: 0; 1 for what was refused, or found to be
 * wrong; 2 for what was typed wrongly.
 * @throws what is no refusal
 */
export async function runAdmin(
  args: readonly string[],
  machinery: AdminMachinery,
  terminal: Terminal,
): Promise<number> {
  try {
    const line = readCommandLine(args);
    if (line.kind === 'HELP') {
      await print(terminal.output, helpOf(line.words));
      return 0;
    }
    const { data, text, exitCode = 0 } = await answerTo(line, machinery, terminal);
    await print(terminal.output, line.json ? JSON.stringify(data, null, 2) : text);
    return exitCode;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof AppError)) throw error;
    await print(terminal.errors, error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function answerTo(
  { name, command, json, reason, ...line }: CommandLine & { kind: 'COMMAND' },
  machinery: AdminMachinery,
  terminal: Terminal,
): Promise<Answer> {
  const operator = line.operator ?? machinery.systemUser;
  // Whoever only reads is in no record.
  if (operator === null && command.changes)
    throw new UsageError(`${name}: --operator is needed, since the system does not say who you are.`);
  let opening: Promise<OpenedCore> | null = null;
  const session: Session = {
    ...{ reason, terminal, json },
    open: async () => {
      opening ??= machinery.open(operator ?? 'nobody', { readOnly: !command.changes });
      return (await opening).ctx;
    },
    examine: machinery.examine,
  };
  try {
    return await command.run(session);
  } finally {
    await closed(opening);
  }
}

/** One that never opened has failed the command already. */
async function closed(opening: Promise<OpenedCore> | null): Promise<void> {
  const opened = await opening?.catch(() => null);
  await opened?.close();
}
