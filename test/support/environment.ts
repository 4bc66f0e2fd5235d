import { basename, dirname } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { testGroupsFolder } from '../../infra/test-groups.js';

/** How long what a file has closed may take to be gone. */
const patienceMs = 5_000;

/** What Jest's runner tells, as far as it is of use here. */
interface RunnerEvent {
  readonly name: string;
  readonly describeBlock?: { readonly name: string; readonly parent?: { readonly parent?: object } };
}

/**
 * The environment of a test file, or of a group of them. It fails a file that leaves anything behind which would keep a
 * process from ending: a server, a socket, a pool, a child process, a timer.
 */
export default class CleanEnvironment extends TestEnvironment {
  readonly #before = countsOf(ownResources());
  readonly #isGroup: boolean;
  readonly #timers = new Set<{ readonly timer: NodeJS.Timeout; readonly what: string }>();

  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given);
    this.#isGroup = basename(dirname(given[1].testPath)) === testGroupsFolder;
  }

  override async setup(): Promise<void> {
    await super.setup();
    this.global.setTimeout = this.#watched(this.global.setTimeout, 'setTimeout');
    this.global.setInterval = this.#watched(this.global.setInterval, 'setInterval');
  }

  /** Jest's runner tells what it does. */
  async handleTestEvent({ name, describeBlock }: RunnerEvent): Promise<void> {
    const isFile = this.#isGroup
      ? name === 'run_describe_finish' && describeBlock?.parent?.parent === undefined
      : name === 'run_finish';
    if (isFile) await this.#requireNothingLeft(this.#isGroup ? (describeBlock?.name ?? '') : 'This file');
  }

  /** After the last hook of a file nothing may be left. */
  async #requireNothingLeft(file: string): Promise<void> {
    const deadline = performance.now() + patienceMs;
    let left = this.#left();
    while (left.length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      left = this.#left();
    }
    if (left.length > 0) throw new Error(`${file} leaves behind: ${left.join(', ')}. Close what it opens.`);
  }

  #watched<Start extends typeof setTimeout | typeof setInterval>(start: Start, name: string): Start {
    return new Proxy(start, {
      apply: (target, self, args: unknown[]) => {
        const timer: NodeJS.Timeout = Reflect.apply(target, self, args);
        this.#timers.add({ timer, what: `${name} of ${String(args[1] ?? 0)} ms` });
        if (this.#timers.size % 1_000 === 0) this.#forgetEnded();
        return timer;
      },
    });
  }

  #forgetEnded(): void {
    for (const each of this.#timers) if (!isWaiting(each.timer)) this.#timers.delete(each);
  }

  #left(): string[] {
    this.#forgetEnded();
    const now = countsOf(process.getActiveResourcesInfo());
    const others = [...now]
      // Jest has timers of its own; those of the file are known one by one.
      .filter(([kind]) => kind !== 'Timeout' && kind !== 'Immediate')
      .map(([kind, count]) => [kind, count - (this.#before.get(kind) ?? 0)] as const)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${count} ${kind}`);
    return [...[...this.#timers].map(({ what }) => what), ...others];
  }
}

/** Whether it keeps the process alive. Node says no other way that a timer has run or was cleared. */
function isWaiting(timer: NodeJS.Timeout): boolean {
  return timer.hasRef() && Reflect.get(timer, '_destroyed') !== true;
}

/** What is active before a file runs. Node opens the process's own output when somebody first asks for it: here. */
function ownResources(): string[] {
  for (const output of [process.stdout, process.stderr]) output.writable;
  return process.getActiveResourcesInfo();
}

function countsOf(kinds: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
