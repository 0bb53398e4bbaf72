/** Layers of docs/architecture: apps → activities, workflows → libs. Imports point one way. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'libs-know-no-layer-above',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|activities|workflows|scripts|test)/', pathNot: '^test/support/' },
    },
    {
      name: 'libs-code-knows-no-test-support',
      severity: 'error',
      from: { path: '^(libs|activities|workflows|apps)/', pathNot: '(\\.test\\.ts$|/test/)' },
      to: { path: '^test/' },
    },
    { name: 'activities-know-no-app', severity: 'error', from: { path: '^activities/' }, to: { path: '^(apps|workflows|scripts)/' } },
    {
      name: 'workflows-are-deterministic',
      comment: 'Only contracts and pure libs; activities as types only.',
      severity: 'error',
      from: { path: '^workflows/src/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(apps|scripts|libs|activities)/',
        pathNot: [
          '^libs/contracts/',
          '^libs/session-lifecycle/src/(?!.*(records|command))',
          '^libs/failure-classification/src/(?!.*command)',
          '^activities/src/(index|[a-z]+/interface)\\.ts$',
        ],
      },
    },
    {
      name: 'workflows-import-activities-as-types',
      severity: 'error',
      from: { path: '^workflows/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-touch-no-node',
      severity: 'error',
      from: { path: '^workflows/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'apps-do-not-share-code',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'host-role-holds-no-database',
      comment: 'Design §5: a host is trusted with nothing but its sessions. The command of an operator is no part of the host role.',
      severity: 'error',
      from: {
        path: '^(apps/worker/src/host|activities/src/(environments|questions|grading|hosts)/|activities/src/maintenance/host\\.ts$|libs/execution-environment/)',
        pathNot: '^libs/execution-environment/src/(command|operator)(\\.temporal\\.test|\\.engine\\.test)?\\.ts$',
      },
      to: { path: '(^libs/persistence/|node_modules/(pg|typeorm)/)' },
    },
    {
      name: 'host-role-reaches-no-database',
      comment: 'Nor by way of another: what the process does not load it cannot use.',
      severity: 'error',
      from: { path: '^apps/worker/src/host\\.ts$' },
      to: { path: '(^libs/persistence/|node_modules/(pg|typeorm)/)', reachable: true },
    },
    {
      name: 'one-docker-client',
      severity: 'error',
      from: { path: '^(apps|activities|workflows|libs)/', pathNot: '^libs/execution-environment/|\\.test\\.ts$|^apps/[^/]+/test/' },
      to: { path: 'node_modules/dockerode/' },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|\\.ckx)/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
