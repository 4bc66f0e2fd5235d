import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { cutOff } from '../http/cut-off.js';

/** A socket that keeps nothing for a client that does not read once it is terminated, by us or by the libraries. */
export class CutOffSocket extends WebSocket {
  override terminate(): void {
    // The library has no public name for it.
    const connection: unknown = Reflect.get(this, '_socket');
    if (connection instanceof Duplex) cutOff(connection);
    super.terminate();
  }
}
