/** A line of level `error` or `fatal`, as pino writes it. */
const isError = /^\{"level":(?:50|60),/;

/** What the apps of a test have logged as errors: faults of ours, unless the test makes them happen. */
export class LoggedErrors {
  readonly #lines: string[] = [];
  readonly #expected: RegExp[] = [];

  /** Takes in a line of the log. */
  add(line: string): void {
    if (isError.test(line)) this.#lines.push(line);
  }

  /** Says that this test makes errors that are logged so. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Begins anew. @throws when there was one that was not expected */
  check(): void {
    const expected = this.#expected.splice(0);
    const others = this.#lines.splice(0).filter((line) => !expected.some((pattern) => pattern.test(line)));
    if (others.length === 0) return;
    throw new Error(`Logged as errors, and not expected (\`world.expectErrors\`):\n${others.join('')}`);
  }
}
