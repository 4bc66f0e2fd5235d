import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type REPLServer, Recoverable, start } from 'node:repl';
import { PassThrough, type Readable } from 'node:stream';
import { inspect } from 'node:util';
import type { Session } from '../session.js';

/** Values that are kept for `--json`. */
const maxValues = 1_000;

/** What was done in a shell. */
export interface ShellRun {
  readonly commands: number;
  /** Of the commands that did not fail, at most 1,000; kept for `--json` alone. */
  readonly values: readonly unknown[];
}

/**
 * Reads JavaScript, evaluates and prints it, one command after the other, until its input ends. With `--json` it prints
 * to the errors, so that the output stays free for the document.
 */
export async function readEvalPrint(
  { terminal, json }: Session,
  prompt: string,
  globals: Readonly<Record<string, unknown>>,
): Promise<ShellRun> {
  const output = json ? terminal.errors : terminal.output;
  const isTerminal = isTty(terminal.input) && isTty(output);
  const typed = isTerminal ? terminal.input : new PassThrough();
  const server = start({ input: typed, output, terminal: isTerminal, prompt: isTerminal ? prompt : '' });
  for (const [name, value] of Object.entries(globals)) server.context[name] = value;
  const counted = countCommands(server, json);
  const exited = once(server, 'exit');
  if (typed instanceof PassThrough) void feed(server, terminal.input, typed);
  await exited;
  return counted();
}

function isTty(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}

/**
 * Hands on line after line, each when the one before is done: Node begins with the next one while a command of a script
 * still waits for something.
 */
async function feed(server: REPLServer, input: Readable, typed: PassThrough): Promise<void> {
  const display = server.displayPrompt;
  let isDone: () => void = () => undefined;
  const displaying: typeof display = function (this: REPLServer, preserveCursor) {
    display.call(this, preserveCursor);
    // Behind each line, whether it was evaluated, failed, or wants more lines.
    isDone();
  };
  Object.defineProperty(server, 'displayPrompt', { value: displaying, configurable: true });
  const lines = createInterface({ input });
  server.once('exit', () => {
    lines.close();
    isDone();
  });
  for await (const line of lines) {
    const { promise, resolve } = Promise.withResolvers<void>();
    isDone = resolve;
    typed.write(`${line}\n`);
    await promise;
  }
  typed.end();
}

/** Node tells nobody what was evaluated, but to whoever stands in its way. */
function countCommands(server: REPLServer, keepsValues: boolean): () => ShellRun {
  let commands = 0;
  const values: unknown[] = [];
  const evaluate = server.eval;
  const counting: typeof evaluate = function (this: REPLServer, text, context, file, done) {
    if (text.trim() !== '') commands += 1;
    evaluate.call(this, text, context, file, (error, result) => {
      // More lines belong to it.
      if (error instanceof Recoverable) commands -= 1;
      else if (!error && keepsValues && text.trim() !== '' && values.length < maxValues) values.push(asJson(result));
      done(error, result);
    });
  };
  Object.defineProperty(server, 'eval', { value: counting, configurable: true });
  return () => ({ commands, values });
}

/** A value as JSON has it; as Node shows it where JSON cannot, such as what refers to itself. */
function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    return inspect(value, { depth: 1 });
  }
}
