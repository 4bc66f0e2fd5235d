const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Waits for Ctrl-C or a termination, then closes. A second signal while it closes changes nothing. */
export async function runUntilSignal(close: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve());
  });
  await close();
}
