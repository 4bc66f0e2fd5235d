/** One that was asked for on a socket. */
interface Operation {
  /** Its client wants no more of it. */
  isCompleted: boolean;
  /** Begins it; null once it has begun, and when there is no need to. It holds the message. */
  start: (() => unknown) | null;
  /** Resolves when nothing of it is left. */
  over: Promise<unknown>;
}

/**
 * The operations of one socket by their id. graphql-ws goes by the id alone: one that was completed while it was prepared
 * or executed would find a later one of the same id, send its results as that one's, and take it out of the list of what
 * ends with the socket. So an id is not used again before whatever had it is over.
 */
export class SocketOperations {
  readonly #running = new Map<string, Operation>();

  /**
   * Begins an operation; one that follows a completed one of its id as soon as that is over. `start` answers when all of
   * it is done. Answers false where an operation of this id still runs, or waits.
   */
  begin(id: string, start: () => unknown): boolean {
    const before = this.#running.get(id);
    if (before && !before.isCompleted) return false;
    const operation: Operation = { isCompleted: false, start, over: Promise.resolve() };
    const run = () => {
      const { start } = operation;
      operation.start = null;
      return start?.();
    };
    const forget = () => {
      if (this.#running.get(id) === operation) this.#running.delete(id);
    };
    this.#running.set(id, operation);
    operation.over = (before ? before.over.then(run) : Promise.resolve(run())).then(forget, forget);
    return true;
  }

  /** Notes that a client wants no more of an operation. Answers whether graphql-ws has begun it. */
  complete(id: string): boolean {
    const operation = this.#running.get(id);
    if (!operation || operation.isCompleted) return false;
    const hasBegun = operation.start === null;
    operation.isCompleted = true;
    operation.start = null;
    return hasBegun;
  }
}
