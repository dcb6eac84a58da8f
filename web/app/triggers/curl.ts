/** A request to copy: `curl` against a webhook, signed where the trigger asks for it. Pure. */

/** How a webhook trigger checks its sender, as its config says. */
export interface Verify {
  scheme: string;
  header: string;
  algorithm: string;
  encoding: string;
  prefix: string;
  timestampHeader: string | null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown, other: string): string => (typeof value === 'string' && value ? value : other);

/** Reads the config of a webhook trigger; anything it does not know counts as no check. */
export function verifyOf(config: unknown): Verify {
  const given = isObject(config) && isObject(config['verify']) ? config['verify'] : {};
  const scheme = textOf(given['scheme'], 'none');
  const isGithub = scheme === 'github';
  return {
    scheme,
    header: isGithub ? 'X-Hub-Signature-256' : textOf(given['header'], 'X-Signature'),
    algorithm: textOf(given['algorithm'], 'sha256'),
    encoding: textOf(given['encoding'], 'hex'),
    prefix: isGithub ? 'sha256=' : textOf(given['prefix'], ''),
    timestampHeader: typeof given['timestampHeader'] === 'string' ? given['timestampHeader'] : null,
  };
}

function sampleOf(name: string, schema: unknown): unknown {
  if (!isObject(schema)) return name;
  if (schema['default'] !== undefined) return schema['default'];
  if (Array.isArray(schema['examples']) && schema['examples'].length > 0) return schema['examples'][0];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (schema['type'] === 'integer' || schema['type'] === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
  if (schema['type'] === 'boolean') return true;
  if (schema['type'] === 'array') return [];
  if (schema['type'] === 'object') return {};
  return 'text';
}

/** A body that the inputs of the workflow would take; `{ "text": "hello" }` where it has none. */
export function sampleBody(inputs: unknown): string {
  const properties = isObject(inputs) && isObject(inputs['properties']) ? inputs['properties'] : {};
  const entries = Object.entries(properties).slice(0, 20);
  const body = entries.length > 0 ? Object.fromEntries(entries.map(([name, schema]) => [name, sampleOf(name, schema)])) : { text: 'hello' };
  return JSON.stringify(body);
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const encoders: Record<string, string> = {
  hex: ` | sed 's/^.* //'`,
  base64: ' -binary | base64',
  base64url: ` -binary | base64 | tr '+/' '-_' | tr -d '='`,
};

/** Lines for a shell. `hmac` and `github` are signed with openssl; other schemes are sent by their own tools, so the plain request stands. */
export function curlOf(url: string, body: string, verify: Verify): string {
  const send = (data: string, more: string[] = []): string =>
    [`curl -X POST ${quoted(url)}`, `  -H 'content-type: application/json'`, ...more.map((header) => `  -H ${header}`), `  -d ${data}`].join(' \\\n');
  if (verify.scheme !== 'hmac' && verify.scheme !== 'github') return send(quoted(body));
  const time = verify.timestampHeader;
  return [
    `SECRET='the secret'`,
    `BODY=${quoted(body)}`,
    ...(time ? ['TIME=$(date +%s)'] : []),
    `SIGN=$(printf '%s' "${time ? '$TIME.' : ''}$BODY" | openssl dgst -${verify.algorithm} -hmac "$SECRET"${encoders[verify.encoding] ?? encoders['hex']})`,
    send('"$BODY"', [`"${verify.header}: ${verify.prefix}$SIGN"`, ...(time ? [`"${time}: $TIME"`] : [])]),
  ].join('\n');
}

const encodingWords: Record<string, string> = { hex: 'in hex', base64: 'in Base64', base64url: 'in URL-safe Base64' };

/** What the sender has to do so that its requests are let in. */
export function verifyWords(verify: Verify): string {
  switch (verify.scheme) {
    case 'none':
      return 'The secret address is the only proof: whoever knows it can start runs.';
    case 'hmac': {
      const over = verify.timestampHeader
        ? `the time in seconds since 1970, a dot and the body exactly as sent; the same time stands in the header ${verify.timestampHeader} and may be off by 5 minutes`
        : 'the body exactly as sent';
      const prefix = verify.prefix ? `, after ${verify.prefix}` : '';
      return `The header ${verify.header} carries the HMAC-${verify.algorithm.toUpperCase()} of ${over}, made with the shared secret and written ${encodingWords[verify.encoding] ?? 'in hex'}${prefix}.`;
    }
    case 'github':
      return 'Enter the same secret at GitHub, in the settings of its webhook: GitHub signs each request.';
    case 'stripe':
      return 'Store the signing secret that Stripe shows for this endpoint: Stripe signs each request.';
    case 'slack':
      return 'Store the signing secret of the Slack app: Slack signs each request.';
    case 'standardwebhooks':
      return 'The sender signs by Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature, with the shared secret.';
    default:
      return 'The sender signs each request.';
  }
}

export const schemeNames: Readonly<Record<string, string>> = {
  none: 'None',
  hmac: 'HMAC signature',
  standardwebhooks: 'Standard Webhooks',
  stripe: 'Stripe signature',
  github: 'GitHub signature',
  slack: 'Slack signature',
};
