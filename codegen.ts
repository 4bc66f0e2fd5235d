import type { CodegenConfig } from '@graphql-codegen/cli';
import { clientFiles } from './infra/codegen/client-files.js';

/** `npm run codegen`: from the operations in `operations/`, what clients and our own tests speak through. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'operations/**/*.graphql',
  importExtension: '.js',
  generates: {
    'generated/': {
      preset: clientFiles,
      presetConfig: { fragmentMasking: false },
      config: {
        scalars: {
          ID: { input: 'string', output: 'string' },
          DateTime: { input: 'string', output: 'string' },
          JSONObject: { input: 'Record<string, unknown>', output: 'Record<string, unknown>' },
        },
        strictScalars: true,
        useTypeImports: true,
        enumType: 'string-literal',
        avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
      },
    },
  },
};

export default config;
