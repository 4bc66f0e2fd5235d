import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { css, editorWorkerService, graphqlWorker, js, jsonWorker } from '@graphql-yoga/render-graphiql/graphiql';

/** A thread that writes GraphiQL's files to the folder that it is told. */
const folder = String(workerData);
const files = {
  'graphiql.js': js,
  'graphiql.css': css,
  'editor.worker.js': editorWorkerService,
  'json.worker.js': jsonWorker,
  'graphql.worker.js': graphqlWorker,
};

// The folder appears with all of its files, whoever else is doing the same.
const unfinished = `${folder}.${process.pid}`;
mkdirSync(unfinished, { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(join(unfinished, name), text);
try {
  renameSync(unfinished, folder);
} catch (error) {
  rmSync(unfinished, { recursive: true });
  if (!existsSync(folder)) throw error;
}
