import { TestEnvironment } from 'jest-environment-node';

/** How long what a file has closed may take to be gone. */
const patienceMs = 5_000;

/**
 * The environment of a test file. It fails a file that leaves anything behind which would keep a process from ending:
 * a server, a socket, a pool, a child process, a timer.
 */
export default class CleanEnvironment extends TestEnvironment {
  readonly #before = countsOf(ownResources());
  readonly #timers = new Set<{ readonly timer: NodeJS.Timeout; readonly what: string }>();

  override async setup(): Promise<void> {
    await super.setup();
    this.global.setTimeout = this.#watched(this.global.setTimeout, 'setTimeout');
    this.global.setInterval = this.#watched(this.global.setInterval, 'setInterval');
  }

  /** Jest's runner tells what it does; after the last hook of a file nothing may be left. */
  async handleTestEvent({ name }: { readonly name: string }): Promise<void> {
    if (name !== 'run_finish') return;
    const deadline = performance.now() + patienceMs;
    let left = this.#left();
    while (left.length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      left = this.#left();
    }
    if (left.length > 0) throw new Error(`This file leaves behind: ${left.join(', ')}. Close what it opens.`);
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
