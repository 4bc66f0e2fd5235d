import { isVisible } from '../../kernel/text.js';
import { storable } from './storable.js';

/** What may be shown of the pieces so far: whole characters, up to a length. */
export class AnswerText {
  #room: number;
  #held = '';
  /** There was more than had room. */
  isCut = false;
  /** There was something to see. */
  isVisible = false;

  constructor(maxLength: number) {
    this.#room = maxLength;
  }

  /**
   * A provider may split a character outside the basic plane over two pieces; its first half waits for the second.
   * @see storable
   */
  take(piece: string): string {
    const all = this.#held + piece;
    this.isCut = all.length > this.#room;
    const fitting = this.isCut ? all.slice(0, this.#room) : all;
    const last = fitting.charCodeAt(fitting.length - 1);
    const isHalf = last >= 0xd800 && last <= 0xdbff;
    const whole = isHalf ? fitting.slice(0, -1) : fitting;
    this.#held = isHalf ? fitting.slice(-1) : '';
    this.#room -= whole.length;
    const text = storable(whole);
    this.isVisible ||= isVisible(text);
    return text;
  }
}
