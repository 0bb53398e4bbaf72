import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Rules that types alone do not hold. Layers are held by dependency-cruiser, format by prettier, dead code by knip. */
export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '.ckx/**', 'docs/**', 'bench/**', '**/*.gen.ts'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    // Nest reads constructor parameter types at run time: a type-only import would take them away.
    files: ['apps/api/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['apps/web/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', { name: 'localStorage', message: 'By readPreference and writePreference.' }],
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'Text of others stays text.' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'Text of others stays text.' },
      ],
    },
  },
  {
    files: ['apps/web/src/auth/browser.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['scripts/**/*.ts', 'apps/cli/**/*.ts', '**/test/**/*.ts', '**/*.test.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Workflow code is replayed: whatever differs between two runs of the same history breaks a session.
    files: ['workflows/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'fs', 'fs/*', 'path', 'crypto', 'os', 'child_process', 'http', 'https', 'net'],
              message: 'Node built-ins are not deterministic.',
            },
            {
              group: ['@nestjs/*', 'typeorm', 'pg', 'dockerode', '@ckx/persistence', '@ckx/config'],
              message: 'Workflows ask activities for the world.',
            },
            {
              group: ['@temporalio/client', '@temporalio/worker', '@temporalio/activity'],
              message: 'Only @temporalio/workflow belongs here.',
            },
            { group: ['@ckx/activities', '@ckx/activities/*'], allowTypeImports: true, message: 'Activities are imported as types only.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'performance', 'setInterval'],
    },
  },
);
