import { type Context, type LiveText, runStatement } from '../kernel/context.js';
import { readText, runTopic, type StartedRun } from './run-rows.js';
import { TextAppends } from './text-appends.js';

/**
 * UTF-8 bytes up to which a piece grows. Each new version of it has to fit on its page beside those before it, which are
 * cleaned away when the page is full.
 */
const maxPieceBytes = 1_400;

/** Stores the text of a run that this process writes, piece by piece. */
export class TextStore {
  /** The last piece: where it begins, in UTF-16 code units of the text, and its UTF-8 bytes. */
  #piece = { position: 0, bytes: 0 };
  /** Whether a statement that makes the last piece longer may still be carried out. */
  #mayGrow = false;

  constructor(
    private readonly ctx: Context,
    private readonly run: StartedRun,
    private readonly live: LiveText,
  ) {}

  /**
   * Stores what is not stored yet; one call at a time. When the answer to a statement was lost, the next call finds what
   * came of it: it asks for the same once more, whose guard tells, and only then is there another piece. Stops the
   * writing when the run is not this process's any more.
   */
  async append(): Promise<void> {
    const { live } = this;
    const text = live.text.slice(live.storedLength);
    const bytes = Buffer.byteLength(text);
    const begins = this.#piece.bytes === 0 || (!this.#mayGrow && this.#piece.bytes + bytes > maxPieceBytes);
    const isStored = begins ? await this.#begin(live.storedLength, text) : await this.#extend(text);
    if (!isStored) return this.#catchUp();
    this.#piece = begins
      ? { position: live.storedLength, bytes }
      : { position: this.#piece.position, bytes: this.#piece.bytes + bytes };
    const isFirst = live.storedLength === 0;
    live.storedLength += text.length;
    this.ctx.services.notifyBridge.ring([runTopic(this.run.id)], isFirst);
  }

  /** Under a lock of the run's row, so that a run that ends leaves no piece behind. */
  async #begin(position: number, text: string): Promise<boolean> {
    const rows = await runStatement(
      this.ctx,
      `insert into llm.piece (account_id, run_id, position, reversed_text)
       select account_id, id, $4, reverse($5) from llm.run
       where account_id = $1 and id = $2 and lease_owner = $3 and state = 'RUNNING'
         and not exists (select from llm.piece where account_id = $1 and run_id = $2 and position = $4)
       for share returning position`,
      [this.run.accountId, this.run.id, this.ctx.services.instanceId, position, text],
    );
    return rows.length > 0;
  }

  /** Once it is answered the piece has another length, so that what was sent before and comes late changes nothing. */
  async #extend(text: string): Promise<boolean> {
    const { id: runId, accountId } = this.run;
    this.#mayGrow = true;
    const isExtended = await TextAppends.of(this.ctx.services).extend({ accountId, runId, ...this.#piece, text });
    this.#mayGrow = false;
    return isExtended;
  }

  /** Finds how far the text is stored. */
  async #catchUp(): Promise<void> {
    const [row] = await runStatement(
      this.ctx,
      `select id from llm.run where account_id = $1 and id = $2 and lease_owner = $3 and state = 'RUNNING'`,
      [this.run.accountId, this.run.id, this.ctx.services.instanceId],
    );
    const stored = row ? await readText(this.ctx, this.run, this.live.text.length) : null;
    if (!stored) return this.live.stop.abort(new Error('The run was ended elsewhere.'));
    this.#piece = { position: stored.position, bytes: Buffer.byteLength(stored.text) };
    this.live.storedLength = stored.position + stored.text.length;
  }
}
