/** Every code this package gives, with help and an example of what causes it. The house test holds the list complete. Pure data. */
import type { CodeHelp } from './errors.ts';

export const errorCodes: Record<string, CodeHelp> = {
  internal: {
    help: 'Something went wrong on our side. It is logged with the request id of the answer; hand that on.',
    example: 'A defect of the hub',
  },
  'env.invalid': {
    help: 'The environment of a process is not usable; the message names every variable. `npm start` sets them all.',
    example: 'HUB_URL is not set',
  },
  'env.missing': { help: 'A required variable is not set. See .env.example for what it wants.', example: 'DATABASE_URL is not set' },
  'env.wrong': { help: 'A variable has a value that cannot be used. Its value is never printed.', example: 'PORT=http' },
  'webhook.bad-secret': {
    help: 'What signs a webhook must be a secret of Standard Webhooks: base64 of at least 16 bytes, with or without whsec_ before it.',
    example: 'A password as the secret',
  },
  'codec.unknown-key': {
    help: 'What Temporal has stored was encrypted with a key that is not in HUB_CODEC_KEYS any more. Add the old key to its end; the runs go on by themselves.',
    example: 'The old key was dropped while runs that began with it were still waiting',
  },
  'codec.does-not-open': {
    help: 'What Temporal has stored was changed there, or another key has the name of the one that sealed it.',
    example: 'Two installations on one namespace, each with a key k1 of its own',
  },
  'crypto.bad-keyset': {
    help: 'HUB_CREDENTIAL_KEYS or HUB_CODEC_KEYS cannot be read. Give `k1:<base64 of 32 bytes>`, newest first, separated by commas.',
    example: 'A key of 16 bytes',
  },
  'credential.not-connected': {
    help: 'Nobody has connected this credential at its provider yet. Open it under Connections and connect it.',
    example: 'A Google account whose consent page was closed',
  },
  'credential.needs-reauth': {
    help: 'The provider takes the stored access no more. Connect the credential again, then continue the run.',
    example: 'The person took access back, or changed the password',
  },
  'credential.refused': {
    help: 'The service does not take the credential. Check it there and store its values again.',
    example: 'An API key that was deleted at the service',
  },
  'credential.refresh-failed': { help: 'The provider gave no fresh token. It is tried again by itself.', example: 'The token address answered 503' },
  'credential.changed': {
    help: 'The credential was changed while its token was refreshed. It is tried again by itself.',
    example: 'New values saved in that second',
  },
  'credential.provider-refused': {
    help: 'The provider refused the request for a token. Check client id, secret, redirect URL and scopes there.',
    example: 'invalid_scope',
  },
  'crypto.bad-place': { help: 'A defect of the hub: something was to be sealed without saying where it belongs.', example: 'An empty team id' },
  'crypto.unknown-key': {
    help: 'A value is sealed with a key that is not in the keyset any more. Add the old key to its end.',
    example: 'The old key was dropped too early',
  },
  'crypto.does-not-open': {
    help: 'A sealed value was changed, or belongs to another row. It must be stored anew.',
    example: 'A row copied between teams',
  },
  'http.bad-url': { help: 'The URL cannot be used. Give a whole https URL without user name and password.', example: 'api.example.com/items' },
  'http.user-info': {
    help: 'The URL carries a user name or password. Store them as a credential of kind basic.',
    example: 'https://ada:secret@api.example.com',
  },
  'http.blocked-scheme': { help: 'Only http and https are called.', example: 'file:///etc/passwd' },
  'http.blocked-port': {
    help: 'Only the usual ports are called; the operator can list more in HUB_OUTBOUND_ALLOW.',
    example: 'https://api.example.com:22',
  },
  'http.blocked-address': {
    help: 'Addresses that are not public are not called. Use a public host, or ask the operator to list it in HUB_OUTBOUND_ALLOW.',
    example: 'http://169.254.169.254/',
  },
  'http.bad-allow-list': { help: 'HUB_OUTBOUND_ALLOW holds what is neither host:port nor a CIDR.', example: 'HUB_OUTBOUND_ALLOW=intern' },
  'http.host-not-allowed': {
    help: 'A credential is sent only to its allowed hosts. Add the host to it, or choose another one.',
    example: 'A key for api.example.com used at evil.example',
  },
  'http.credential-over-http': {
    help: 'A credential is never sent over plain http. Use https.',
    example: 'http://api.example.com with a bearer token',
  },
  'http.bad-request': { help: 'A method, header or body cannot be sent: no line breaks, Latin-1 only.', example: 'A header with a line break' },
  'http.forbidden-header': { help: 'Some headers are set by the hub itself. Remove it.', example: 'Host, Content-Length' },
  'http.name-not-found': {
    help: 'The name of the host was not found. Tried again; check its spelling if it stays.',
    example: 'https://api.exmaple.com',
  },
  'http.not-connected': { help: 'No connection came about, so the call surely did nothing. Tried again.', example: 'The server is restarting' },
  'http.connection-lost': { help: 'The connection broke off. Tried again where repeating does no harm.', example: 'A proxy closed it' },
  'http.timeout': {
    help: 'No answer in time. Tried again where repeating does no harm; raise timeoutMs for slow services.',
    example: 'A report that takes minutes',
  },
  'http.tls': { help: 'The certificate of the server is not accepted; it needs a valid one for this name.', example: 'An expired certificate' },
  'http.bad-answer': { help: 'The other side answered with something that is not HTTP.', example: 'A database port' },
  'http.headers-too-large': { help: 'The answer has more than 32 KB of headers.', example: 'A runaway cookie' },
  'http.body-too-large': {
    help: 'The answer is larger than the limit. Ask for less at once: paging, a filter, fewer fields.',
    example: 'A whole table in one answer',
  },
  'http.decompression-ratio': { help: 'The answer unpacks to far more than was sent and was cut off.', example: 'A zip bomb' },
  'http.unknown-encoding': { help: 'The answer is compressed in a way the hub does not read.', example: 'content-encoding: lzma' },
  'http.bad-encoding': { help: 'The answer is not what its Content-Encoding says.', example: 'gzip announced, text sent' },
  'http.truncated': { help: 'The answer ends before its end. Tried again where repeating does no harm.', example: 'Half a gzip stream' },
  'http.too-many-redirects': { help: 'The address redirects again and again. Call the final one.', example: 'A page that redirects to itself' },
  'http.bad-redirect': { help: 'A redirect leads to something that is not a URL.', example: 'Location: ::' },
  'http.redirect-with-body': {
    help: 'A body is not sent on to another host. Call the final address.',
    example: 'A POST redirected to another domain',
  },
  'http.redirect-to-http': {
    help: 'A redirect from https to http is not followed. Call an https address.',
    example: 'Location: http://api.example.com',
  },
  'temporal.unreachable': {
    help: 'No Temporal server answers. Tried again; check TEMPORAL_ADDRESS if it stays.',
    example: 'Temporal is still starting',
  },
};
