import 'reflect-metadata';
import { startApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { FilePurpose } from '../../src/files/index.js';
import { createLog, toFile } from '../../src/platform/log.js';

/** The product's API, which also takes files that are larger than any that it keeps. */
const bulk: FilePurpose = {
  name: 'bulk',
  uploadSeconds: 3_600,
  unfinishedSeconds: 3_600,
  downloadSeconds: 3_600,
  maxBytes: 100_000_000,
  types: [{ name: 'application/octet-stream', also: [], isSafeToShow: false }],
  savedAs: null,
  requireMayDownload: async () => undefined,
  recordDownload: null,
};
const config = readConfig(process.env, ['api']);
const log = createLog(config.LOG_LEVEL, toFile(1));
const { url } = await startApp(config, { api: config, worker: null }, log, { filePurposes: [bulk] });
console.log(JSON.stringify({ url }));
