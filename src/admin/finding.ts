/** What `doctor` found of one thing. */
export interface Finding {
  /** What was looked at, such as `database`. */
  readonly check: string;
  /** SKIPPED: it could not be looked at, or is not set here. WARNING: it works, and somebody should look into it. */
  readonly state: 'OK' | 'SKIPPED' | 'WARNING' | 'WRONG';
  /** How it is, in a sentence. */
  readonly says: string;
  /** What to do about it; null where nothing is to be done. */
  readonly advice: string | null;
}
