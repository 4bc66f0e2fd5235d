import { eventually } from './harness.js';

/** Waits until each of these APIs knows that so many processes share its limits. */
export async function untilTheyKnow(urls: readonly string[], count: number): Promise<void> {
  for (const url of urls) {
    await eventually(
      async () => (await fetch(`${url}/metrics`)).text(),
      (text) => text.includes(`\napi_processes ${count}\n`),
    );
  }
}
