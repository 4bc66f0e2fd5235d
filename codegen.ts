import type { CodegenConfig } from '@graphql-codegen/cli';

const scalars = {
  ID: { input: 'string', output: 'string' },
  DateTime: { input: 'string', output: 'string' },
  JSONObject: { input: 'Record<string, unknown>', output: 'Record<string, unknown>' },
};

/**
 * `npm run codegen`: from the operations in `operations/`, typed documents (the tests speak through them) and the React
 * hooks that the frontend takes over.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'operations/**/*.graphql',
  generates: {
    'generated/documents.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        scalars,
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
        documentMode: 'documentNode',
        documentVariableSuffix: '',
      },
    },
    'generated/hooks/index.ts': {
      plugins: ['typescript-operations', 'typescript-react-apollo'],
      config: {
        scalars,
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        withHooks: true,
        // Where Apollo Client 4 keeps the hooks, and 3 has them too; the types left out are gone in 4.
        apolloReactCommonImportFrom: '@apollo/client/react',
        apolloReactHooksImportFrom: '@apollo/client/react',
        withMutationFn: false,
        withMutationOptionsType: false,
      },
    },
  },
};

export default config;
