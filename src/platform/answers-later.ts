/**
 * Thrown by a mutation that has begun something which goes on behind its transaction: its operation is executed once more
 * when that has ended, in a context that names what was `begun`. Meanwhile it holds nothing, such as a transaction or its
 * account's turn. Only for mutations that the schema marks with the extension `answersLater`.
 */
export class AnswersLater extends Error {
  constructor(
    readonly begun: string,
    /**
     * Resolves when it has ended, or when nobody waits for the answer any more, with what the second execution is told as
     * `learnt`. What it throws is the answer of the field, instead of a second execution: a repeat begins there again.
     */
    readonly ended: () => Promise<unknown>,
    /** The response keys that lead to the field that has thrown it, once that is known; not `path`, which GraphQL gives errors. */
    readonly fieldPath: readonly (string | number)[] = [],
  ) {
    super('It is answered once what it has begun has ended.');
  }

  thrownAt(path: readonly (string | number)[] = []): AnswersLater {
    return new AnswersLater(this.begun, this.ended, path);
  }
}
