import { basename, dirname } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { testGroupsFolder } from '../../infra/test-groups.js';

/** How long what a file has closed may take to be gone. Connections that a pool was left with end by themselves after 10 s. */
const patienceMs = 8_000;

/** What Jest's runner tells, as far as it is of use here. */
interface RunnerEvent {
  readonly name: string;
  readonly test?: RunnerTest;
  readonly describeBlock?: RunnerBlock;
}

interface RunnerTest {
  readonly errors: unknown[];
}

interface RunnerBlock {
  readonly name: string;
  readonly parent?: { readonly parent?: object };
  readonly children: readonly (RunnerTest | RunnerBlock)[];
}

/**
 * The environment of a test file, or of a group of them. It fails a file, or a test that asks for it, which leaves
 * anything behind that would keep a process from ending: a server, a socket, a pool, a child process, a timer.
 */
export default class CleanEnvironment extends TestEnvironment {
  #beforeFile = countsOf(ownResources());
  #beforeTest: ReadonlyMap<string, number> | null = null;
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
    this.global.requireNothingLeft = () => {
      this.#beforeTest = countsOf(this.#open());
    };
  }

  /** Jest's runner tells what it does. */
  async handleTestEvent({ name, test, describeBlock }: RunnerEvent): Promise<void> {
    if (name === 'test_done') await this.#endTest(test?.errors ?? []);
    const isFile = this.#isGroup
      ? name === 'run_describe_finish' && describeBlock?.parent?.parent === undefined
      : name === 'run_finish';
    const left = isFile ? await this.#leftOpenSince(this.#beforeFile) : [];
    if (left.length === 0) return;
    const last = describeBlock && lastTestOf(describeBlock);
    if (!last) throw faultOf('This file', left);
    // Thrown, it would hide what else the group's files have shown, and most often the failed test that left it behind.
    last.errors.push(faultOf(describeBlock.name, left));
    this.#beforeFile = countsOf(this.#open());
  }

  /** After the last hook of a test. */
  async #endTest(errors: unknown[]): Promise<void> {
    if (!this.#beforeTest) return;
    const left = await this.#leftOpenSince(this.#beforeTest);
    this.#beforeTest = null;
    if (left.length > 0) errors.push(faultOf('This test', left));
  }

  /** What is open that was not then, once what was closed has had the time to be gone. */
  async #leftOpenSince(before: ReadonlyMap<string, number>): Promise<string[]> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const left = [...countsOf(this.#open())]
        .map(([what, count]) => ({ what, count: count - (before.get(what) ?? 0) }))
        .filter(({ count }) => count > 0);
      if (left.length === 0 || performance.now() > deadline) return left.map(({ what, count }) => `${count} ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
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

  #open(): string[] {
    this.#forgetEnded();
    // Jest has timers of its own; those of the file are known one by one.
    const others = process.getActiveResourcesInfo().filter((kind) => kind !== 'Timeout' && kind !== 'Immediate');
    return [...[...this.#timers].map(({ what }) => what), ...others];
  }
}

function lastTestOf({ children }: RunnerBlock): RunnerTest | null {
  const last = children.at(-1);
  if (!last) return null;
  return 'errors' in last ? last : lastTestOf(last);
}

function faultOf(whose: string, left: readonly string[]): Error {
  return new Error(`${whose} leaves behind: ${left.join(', ')}. Close what it opens.`);
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
