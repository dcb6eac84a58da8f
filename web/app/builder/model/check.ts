/** Publish's own check, in the browser; loaded after the canvas. The same code as the server's, so that both say the same. */
import { parseCode, parseExpression } from '@hub/activities/expressions';
import { modelWarning } from '@hub/activities/models';
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

const parse = remembered(parseExpression);

/** What connectors say; see `check-connectors.ts`. */
export type ConnectorPorts = Pick<CheckPorts, 'connectors' | 'action'>;

const noConnectors: ConnectorPorts = { connectors: () => [], action: () => undefined };

/** Is there anything that a connector would be asked about? */
const asksConnectors = ({ nodes, triggers }: Definition): boolean =>
  nodes.some(({ type }) => type === 'data_source' || type === 'action') || (triggers ?? []).some(({ type }) => type === 'poll');

/** All that checking and compiling ask. */
export const portsWith = (connectors: ConnectorPorts): CheckPorts => ({ ...connectors, parseExpression: parse, parseCode, modelWarning });

/** Checks a draft as publishing would, with what connectors say. */
export function checkWith(definition: Definition, connectors: ConnectorPorts): Checked {
  return checkDefinition(definition, portsWith(connectors));
}

/** The same; connectors' params grow with every connector, so they are loaded for drafts that have one. */
export async function check(definition: Definition): Promise<Checked> {
  const connectors = asksConnectors(definition) ? (await import('./check-connectors.ts')).connectorPorts : noConnectors;
  return checkWith(definition, connectors);
}
