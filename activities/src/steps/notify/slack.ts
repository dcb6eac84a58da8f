/** Slack: an incoming webhook, or chat.postMessage with a bot token. Not idempotent: repeated only where Slack surely did nothing. */
import type { Json } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';

import { toOutboundCredential } from '../../connectors/credentials.ts';
import type { LiveCredential } from '../../ports.ts';
import { isObject, own } from '../../values/json.ts';
import type { OutwardInput } from '../outward-step.ts';
import { answerText, credentialOf, neededText, redactorOf, textField } from './fields.ts';

const postMessage = 'https://slack.com/api/chat.postMessage';
const limits = { headersTimeoutMs: 20_000, totalTimeoutMs: 30_000, maxRedirects: 0, maxBodyBytes: 1_048_576 };
/** Slack cuts longer texts. */
const maxText = 40_000;
const passing = new Set(['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

export async function sendSlack(input: OutwardInput): Promise<Json> {
  const credential = await credentialOf(input, ['slack-webhook', 'bearer']);
  const { filled } = input;
  const blocks = own(filled, 'blocks');
  const message = { text: neededText(filled, 'text', maxText), ...(Array.isArray(blocks) ? { blocks } : {}) };
  return credential.kind === 'bearer' ? byBot(input, credential, message) : byWebhook(input, credential, message);
}

async function byWebhook({ deps, signal }: OutwardInput, credential: LiveCredential, message: object): Promise<Json> {
  const url = credential.values['url'] ?? '';
  const redact = redactorOf(credential);
  try {
    const response = await deps.http.request({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      // Nothing is added; the credential holds the address to the hosts it was stored for.
      credential: { allowedHosts: credential.allowedHosts },
      signal,
      limits,
    });
    await answerText(response, 'Slack', redact);
  } catch (error) {
    // The address is the secret, and the client names addresses.
    if (error instanceof Error) error.message = redact(error.message);
    throw error;
  }
  return { channel: 'slack', ok: true };
}

async function byBot({ deps, signal, filled }: OutwardInput, credential: LiveCredential, message: object): Promise<Json> {
  const channel = neededText(filled, 'to', 200);
  const thread = textField(filled, 'threadTs', 50);
  const redact = redactorOf(credential);
  const response = await deps.http.request({
    url: postMessage,
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ channel, ...message, ...(thread === null ? {} : { thread_ts: thread }) }),
    credential: toOutboundCredential(credential),
    signal,
    limits,
  });
  const text = await answerText(response, 'Slack', redact);
  const answer = parsed(text);
  if (own(answer, 'ok') === true) return { channel: 'slack', ok: true, ts: own(answer, 'ts') ?? null, to: own(answer, 'channel') ?? channel };
  const reason = String(own(answer, 'error') ?? 'no reason').slice(0, 100);
  if (passing.has(reason)) throw new TransientError('notify.not-taken', `Slack answered ${reason}.`, { didNothing: reason.startsWith('rate') });
  throw new UserError('notify.refused', `Slack refused the message: ${reason}.`, {
    status: 422,
    remedy: remedies[reason] ?? 'See chat.postMessage in the Slack documentation.',
  });
}

function parsed(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const remedies: Record<string, string> = {
  channel_not_found: 'Check the channel, or invite the bot to it.',
  not_in_channel: 'Invite the bot to the channel.',
  invalid_auth: 'Store the bot token again.',
  token_revoked: 'Store a new bot token.',
  missing_scope: 'Give the app the scope chat:write.',
};
