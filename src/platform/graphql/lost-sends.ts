import type { WebSocket } from 'ws';

/**
 * What cannot be sent to a client that has gone is no fault of ours, and is not sent: graphql-ws would print the error to
 * the console with its stack, as one of message handling, for each client that resets its connection.
 */
export function ignoreLostSends(socket: WebSocket): void {
  socket.send = new Proxy(socket.send, {
    apply: (send, self, given: unknown[]) => {
      const done = given.at(-1);
      const quiet = typeof done === 'function' ? [...given.slice(0, -1), () => Reflect.apply(done, null, [])] : given;
      return Reflect.apply(send, self, quiet);
    },
  });
}
