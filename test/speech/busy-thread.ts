import { parentPort, workerData } from 'node:worker_threads';

// The module of a thread: it works for ever, or does nothing for ever.

while (workerData.works) Math.sqrt(2);
if (workerData.answers) parentPort?.postMessage('done');
else setInterval(() => undefined, 1_000);
