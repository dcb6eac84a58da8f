/** The import rule of the house (02): who may know whom. A rule that cannot stand here is a test in scripts/house.test.ts. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.(test|int\\.test|e2e)\\.ts$|/testing/|/test/' },
  to: { path: '^(services|activities|workflows|web|db|scripts)/', pathNot: [`^${from.replace(/^\^/, '')}`, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('planner-alone', '^workflows/dag/src/planner/', [], 'The planner goes into the sandbox: no dependency at all.'),
    { name: 'planner-no-packages', severity: 'error', from: { path: '^workflows/dag/src/planner/', pathNot: '\\.test\\.ts$' }, to: { dependencyTypes: ['npm', 'core'] } },
    only('dag-alone', '^workflows/dag/', [], 'dag imports zod only.'),
    only('runtime-planner', '^workflows/runtime/', ['^workflows/dag/src/planner/'], 'runtime imports the planner door only.'),
    only('kit', '^services/kit/', ['^workflows/dag/', '^workflows/runtime/src/types\\.ts$'], 'kit is under everything.'),
    only('contract', '^services/contract/', ['^workflows/dag/'], 'contract imports dag.'),
    only('activities', '^activities/', ['^workflows/dag/', '^workflows/runtime/src/types\\.ts$', '^services/kit/'], 'activities never import db: ports are injected by the worker.'),
    only('db', '^db/', ['^workflows/dag/', '^workflows/runtime/src/types\\.ts$', '^activities/src/ports\\.ts$'], 'db knows types of dag and the ports it serves.'),
    only('api', '^services/api/', ['^services/(kit|contract)/', '^workflows/dag/', '^workflows/runtime/src/types\\.ts$', '^db/', '^activities/src/(catalogue|ports|expressions|connectors/.*manifest|connectors/.*spec)', '^activities/src/.*', '^web/server\\.ts$'], 'api never imports the worker.'),
    only('worker', '^services/worker/', ['^services/kit/', '^workflows/', '^db/', '^activities/'], 'worker composes everything but api and web.'),
    only('web', '^web/', ['^services/contract/', '^workflows/dag/', '^activities/src/(catalogue|expressions/)', '^db/read/'], 'web reads through contract; db/read from server files only.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|build|\\.tools|\\.react-router|\\.data)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
