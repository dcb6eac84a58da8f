/**
 * The import rule of the house (02): who may know whom. A rule that cannot stand here is a test in scripts/house.test.ts.
 * scripts/walls.test.ts plants a break of every rule below, under `planted/<rule>`, and fails where one stays quiet: a rule added here needs its plant there.
 */
const tests = '\\.(test|e2e)\\.tsx?$|/testing/|/test/|^web/(fake|e2e)/';
const house = '^(services|activities|workflows|web|db|scripts)/';

/** What lives under `from` may import of the house only itself and `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { path: house, pathNot: [from, ...allowed] },
});

/** What lives under `from` may import these npm packages and no other. */
const packages = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { path: 'node_modules/', ...(allowed.length === 0 ? {} : { pathNot: `node_modules/(${allowed.join('|')})(/|$)` }) },
});

/** No node builtin: it runs in a browser or in the sandbox too. */
const noCore = (name, from, comment) => ({ name, comment, severity: 'error', from: { path: from, pathNot: tests }, to: { dependencyTypes: ['core'] } });

/** The workflow types that other packages write down: no code, so nobody pulls the sandbox in. */
const runtimeTypes = '^workflows/runtime/src/types\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'resolved',
      comment: 'What cannot be found is not checked by any other rule: list the package as a dependency.',
      severity: 'error',
      from: { pathNot: '/test/planted/' },
      to: { couldNotResolve: true, pathNot: '/\\+types/|virtual:' },
    },
    {
      name: 'no-tests',
      comment: 'Only tests import tests and their kits.',
      severity: 'error',
      from: { path: house, pathNot: [tests, '^scripts/'] },
      to: { path: tests, pathNot: 'node_modules' },
    },

    only('planner-alone', '^workflows/dag/src/planner/', [], 'The planner goes into the sandbox: no dependency at all.'),
    packages('planner-no-packages', '^workflows/dag/src/planner/', [], 'The planner goes into the sandbox: no dependency at all.'),
    only('dag-alone', '^workflows/dag/', [], 'dag imports zod only.'),
    packages('dag-packages', '^workflows/dag/src/', ['zod'], 'dag imports zod only.'),
    noCore('dag-no-core', '^workflows/dag/src/', 'dag is pure: it also runs in the browser and, the planner, in the sandbox.'),
    only('runtime-planner', '^workflows/runtime/', ['^workflows/dag/src/planner/'], 'runtime imports the planner door only.'),
    packages('runtime-packages', '^workflows/runtime/src/', ['@temporalio/workflow', '@temporalio/common'], 'Workflow code: the planner and @temporalio/workflow only (04, rule 8).'),
    noCore('runtime-no-core', '^workflows/runtime/src/', 'Workflow code runs in a sandbox without node (04, rule 9).'),

    only('kit', '^services/kit/', ['^workflows/dag/', runtimeTypes], 'kit is under everything.'),
    noCore('errors-pure', '^services/kit/src/errors\\.ts$', 'The browser imports this door.'),
    only('contract', '^services/contract/', ['^workflows/dag/'], 'contract imports dag.'),
    packages('contract-packages', '^services/contract/src/', ['zod'], 'The contract runs in the browser: zod only.'),
    noCore('contract-no-core', '^services/contract/src/', 'The contract runs in the browser.'),
    only('activities', '^activities/', ['^workflows/dag/', runtimeTypes, '^services/kit/'], 'activities never import db: ports are injected by the worker.'),
    only(
      'db',
      '^db/',
      ['^workflows/dag/', runtimeTypes, '^activities/src/((wait|undo)-)?ports\\.ts$', '^services/kit/src/errors\\.ts$', '^services/kit/src/crypto/'],
      'db knows types of dag, the ports it serves, and how errors are said (decision 004).',
    ),
    only(
      'api',
      '^services/api/',
      ['^services/(kit|contract)/', '^workflows/dag/', runtimeTypes, '^db/', '^activities/src/(catalogue\\.ts|connector-services\\.ts|ports\\.ts|dry-run/index\\.ts|expressions/index\\.ts|expressions/patterns\\.ts|models/names\\.ts|expressions/pool/index\\.ts|schedules/index\\.ts|values/run-input\\.ts)$', '^web/server\\.ts$'],
      'api never imports the worker; of activities the pure parts only (catalogue, dry run, schedules, the check of an input), the pickers and tests of connectors, and the expression pool for previews.',
    ),
    only('worker', '^services/worker/', ['^services/kit/', '^workflows/', '^db/', '^activities/'], 'worker composes everything but api and web.'),
    only(
      'web',
      '^web/',
      ['^services/contract/', '^services/kit/src/errors\\.ts$', '^workflows/dag/', '^activities/src/(catalogue\\.ts|dry-run/(index|here)\\.ts|expressions/index\\.ts|models/names\\.ts)$', '^db/read/'],
      'web reads through contract; db/read from server files only.',
    ),
    {
      name: 'web-db-on-server',
      comment: 'What a browser loads never knows the database.',
      severity: 'error',
      from: { path: '^web/', pathNot: [tests, '\\.server\\.tsx?$', '^web/server'] },
      to: { path: '^db/' },
    },

    {
      name: 'outbound',
      comment:
        'Outbound calls go through the guarded client of services/kit/http (05). lockdown.mjs takes the network away from the expression children; silence.ts is the line to our own database.',
      severity: 'error',
      from: {
        path: '^(services|activities|workflows|db)/',
        pathNot: [tests, '^services/kit/src/http/', '^activities/src/expressions/pool/lockdown\\.mjs$', '^db/silence\\.ts$'],
      },
      to: {
        path: '^(node:)?(http|https|http2|net|tls|dgram|dns)(/promises)?$|node_modules/(undici|node-fetch|axios|got|ky|superagent|ws)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'vendor-sdks',
      comment: 'SDKs of vendors stay in the folder of their connector or model provider.',
      severity: 'error',
      from: { path: house, pathNot: [tests, '^scripts/', '^activities/src/(connectors|models)/'] },
      to: {
        path: 'node_modules/(openai|@anthropic-ai/[^/]+|@google/[^/]+|googleapis|@googleapis/[^/]+|airtable|@notionhq/[^/]+|@slack/[^/]+|@hubspot/[^/]+|@jsforce/[^/]+|mysql2|mssql)/',
      },
    },
  ],
  options: {
    // Packages are named in the rules, never walked into. They must not be excluded: an excluded module is one no rule sees.
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(web|db|activities|scripts|(services|workflows)/[^/]+)/(dist|build|\\.react-router)/|^\\.(tools|data)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'] },
  },
};
