import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schemaOf } from '../resolvers/index.js';

/** `npm run schema`: writes what the code serves to `schema.graphql`, sorted, so that a diff shows what changed. */
writeFileSync('schema.graphql', `${printSchema(lexicographicSortSchema(schemaOf({ movableClock: false })))}\n`);
