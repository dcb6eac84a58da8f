/** Publish's own check, in the browser; loaded after the canvas. The same code as the server's, so that both say the same. */
import { checkDraftParams, isDraftIdempotent, connectorManifests, findAction } from '@hub/activities/catalogue';
import { parseCode, parseExpression } from '@hub/activities/expressions';
import { checkDefinition, type Checked, type CheckPorts, type Definition } from '@hub/dag';

type Parsed = ReturnType<CheckPorts['parseExpression']>;

/** Expressions are parsed once: a check after each edit then costs what changed. */
function remembered(parse: (text: string) => Parsed, most = 5000): (text: string) => Parsed {
  const known = new Map<string, Parsed>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const parsed = parse(text);
    if (known.size >= most) known.clear();
    known.set(text, parsed);
    return parsed;
  };
}

export const checkPorts: CheckPorts = {
  parseExpression: remembered(parseExpression),
  parseCode,
  connectors: () => Object.keys(connectorManifests),
  action(connector, action) {
    const spec = findAction(connector, action);
    if (spec === null) return undefined;
    return {
      kind: spec.kind,
      idempotent: (params) => isDraftIdempotent(spec, params),
      literalParams: spec.literalParams,
      paramsFaults: (params) => checkDraftParams(spec, params).map(({ path, message }) => ({ path, message })),
    };
  },
};

/** Checks a draft as publishing would. */
export function check(definition: Definition): Checked {
  return checkDefinition(definition, checkPorts);
}
