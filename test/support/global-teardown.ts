import { running } from './running.js';

/** Stops the run's PostgreSQL. */
export default async function teardown(): Promise<void> {
  await running.database?.stop();
}
