import { preset as clientPreset } from '@graphql-codegen/client-preset';
import type { DocumentNode } from 'graphql';
import { cacheRules } from './cache-rules.js';
import { hooksOf } from './hooks.js';
import { operationsOf } from './operations.js';
import { trustedDocuments } from './trusted-documents.js';

type Preset = typeof clientPreset;
type Options = Parameters<Preset['buildGeneratesSection']>[0];
type Section = Awaited<ReturnType<Preset['buildGeneratesSection']>>[number];

/**
 * Everything that clients take over. The client preset writes `graphql.ts`: types and documents. Its `gql.ts` is left
 * out, as it maps documents that stand inside of code. Over the documents come hooks for Apollo Client, what its cache
 * must know, the documents by their operations' names, and the manifest of trusted documents.
 */
export const clientFiles: Preset = {
  ...clientPreset,
  buildGeneratesSection: async (options) => {
    const executable: DocumentNode[] = [];
    const presetConfig = {
      ...options.presetConfig,
      onExecutableDocumentNode: (document: DocumentNode) => void executable.push(document),
    };
    const sections = await clientPreset.buildGeneratesSection({ ...options, presetConfig });
    const documents = sections.find(({ filename }) => filename.endsWith('/graphql.ts'));
    if (!documents) throw new Error('The client preset writes no graphql.ts any more.');
    const { schemaAst } = options;
    if (!schemaAst) throw new Error('There is no schema.');
    const written = announce(documents);
    const operations = operationsOf(options.documents);
    return [
      documents,
      textFile(options, 'documents.ts', () => shortNames(operations.map(({ name }) => name))),
      textFile(options, 'hooks.ts', () => hooksOf(operations)),
      textFile(options, 'cache.ts', () => cacheRules(schemaAst)),
      textFile(options, 'trusted-documents.json', async () => {
        await written;
        return trustedDocuments(executable);
      }),
    ];
  },
};

/** Resolves once the documents of a section have been made. */
function announce(section: Section): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const inner = section.pluginMap['typed-document-node'];
  if (!inner) throw new Error('The client preset makes its documents otherwise now.');
  section.pluginMap['typed-document-node'] = {
    ...inner,
    plugin: async (...args) => {
      try {
        const output = await inner.plugin(...args);
        resolve();
        return output;
      } catch (error) {
        reject(error);
        throw error;
      }
    },
  };
  return promise;
}

/** A file of ours among those of the preset. */
function textFile(options: Options, name: string, write: () => string | Promise<string>): Section {
  return {
    filename: `${options.baseOutputDir}${name}`,
    plugins: [{ text: {} }],
    pluginMap: { text: { plugin: async () => write() } },
    schema: options.schema,
    config: {},
    documents: [],
  };
}

/** In tests an operation is a verb: `person.ok(CreateTask, …)`. */
function shortNames(names: readonly string[]): string {
  const lines = names.map((name) => `  ${name}Document as ${name},\n`);
  return `/** The documents by their operations' names. */\nexport {\n${lines.join('')}} from './graphql.js';\nexport type * from './graphql.js';\n`;
}
