import { describe, expect, test } from 'vitest';
import { findSecrets } from './secrets.ts';
import { definitionOf } from './testing/check-ports.ts';

const found = (config: object): string[] => findSecrets(definitionOf({ a: { config: config as never } })).map((fault) => fault.path);
/** Put together here so that no scanner takes this file for a leak. */
const join = (...parts: string[]): string => parts.join('');

describe('what looks like a secret is found', () => {
  test.each([
    ['an OpenAI key', { x: join('sk-', 'proj-abcDEF0123456789abcdef') }],
    ['an Anthropic key', { x: join('sk-', 'ant-api03-abcDEF0123456789') }],
    ['a Slack token', { x: join('xoxb', '-1234567890-abcdef') }],
    ['an AWS key id', { x: join('AKIA', 'IOSFODNN7EXAMPLE') }],
    ['a GitHub token', { x: join('ghp', '_abcdefghijklmnopqrstuvwxyz0123456789') }],
    ['a bearer header', { headers: { Authorization: 'Bearer 3f9a8b7c6d5e4f3a2b1c' } }],
    ['basic credentials', { headers: { authorization: 'Basic dXNlcjpwYXNzd29yZDEy' } }],
    ['a JWT', { x: join('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.abcdefghijk') }],
    ['a private key', { x: join('-----BEGIN RSA ', 'PRIVATE KEY-----\nabc') }],
    ['a password in an address', { url: 'postgres://app:s3cr3tpw@db.example.com/x' }],
    ['a high-entropy apiKey', { apiKey: '9f86d081884c7d659a2f' }],
    ['a password', { params: { password: 'hunter2-xyz' } }],
    ['a client_secret', { client_secret: 'Zm9vYmFyMTIz' }],
    ['a header named so', { headers: [{ name: 'X-Api-Key', value: 'a1b2c3d4e5f6' }] }],
    ['one in an onError value', { deep: [{ token: '8s7df6g5h4j3k2l1' }] }],
  ])('%s', (_what, config) => {
    expect(found(config)).toHaveLength(1);
  });

  test('its fault names the place and the way out, never the secret', () => {
    const [fault] = findSecrets(definitionOf({ a: { config: { params: { token: 'tok_9f86d081884c' } } } }));
    expect(fault).toMatchObject({ path: '/nodes/0/config/params/token', code: 'definition.secret', nodeId: 'a' });
    expect(fault?.message).toContain('credentialId');
    expect(fault?.message).not.toContain('9f86');
  });
});

describe('what does not is let through', () => {
  test.each([
    ['a template', { headers: { Authorization: 'Bearer {{ vars.token }}' } }],
    ['a credential by id', { credentialId: '018f3b2c-0000-7000-8000-000000000000' }],
    ['a limit of tokens', { maxTokens: 5000 }],
    ['the name of a page token', { paging: { token: 'nextPageToken' } }],
    ['a schema with a password field', { output: { properties: { password: { type: 'string', description: 'The password' } } } }],
    ['a placeholder', { password: '<your password>' }],
    ['prose about keys', { messages: [{ content: 'Explain what an API key is and why a bearer token must be kept secret.' }] }],
    ['words with sk-', { x: 'a risk-free task-oriented desk-bound job' }],
    ['an ordinary address', { url: 'https://example.com:8080/a@b' }],
    ['a UUID', { workflowId: '018f3b2c-1111-7000-8000-000000000000' }],
    ['basic words', { x: 'basic introduction' }],
  ])('%s', (_what, config) => {
    expect(found(config)).toEqual([]);
  });
});

test('hostile texts of a megabyte take no time', () => {
  const texts = ['eyJ-', 'a.', 'bearer ', 'sk-', 'a://', 'xoxb-', 'aB'].map((part) => part.repeat(Math.floor(1_000_000 / part.length)));
  const before = performance.now();
  for (const text of texts) found({ token: text, [text.slice(0, 90_000)]: 'x' });
  expect(performance.now() - before).toBeLessThan(120_000);
});
