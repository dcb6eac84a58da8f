/** Values that several kinds have. */
import { z } from 'zod';

import { choice, type CredentialField, plain, secret } from './field.ts';

export const hostName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$|^[0-9a-fA-F:]{2,45}$/, 'a host name such as db.example.com');
export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'a port between 1 and 65535')
  .refine((text) => Number(text) >= 1 && Number(text) <= 65_535, 'a port between 1 and 65535');
export const httpsUrl = z.url({ protocol: /^https?$/ }).max(2_000);
/** Header names as RFC 9110 tokens. */
export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/);
export const hostOf = (text: string | undefined): string[] => (text === undefined || !URL.canParse(text) ? [] : [new URL(text).host]);
export const place = ({ host = '', port: at = '' }: Readonly<Record<string, string>>): string[] => [
  `${host.includes(':') ? `[${host}]` : host}:${at}`,
];

export const database = (standardPort: string): CredentialField[] => [
  plain('host', 'Host', { check: hostName, help: 'Such as db.example.com.' }),
  plain('port', 'Port', { check: port, required: false, fallback: standardPort }),
  plain('database', 'Database'),
  plain('user', 'User', { help: 'A user with no more rights than the steps need.' }),
  secret('password', 'Password'),
  choice('tls', 'Encryption', [
    { value: 'verify', label: 'TLS, certificate checked' },
    { value: 'require', label: 'TLS, certificate not checked' },
    { value: 'off', label: 'None' },
  ]),
  plain('ca', 'Certificate authority', { input: 'lines', required: false, help: 'PEM, where the server’s certificate is not publicly trusted.' }),
];

export const clientFields: CredentialField[] = [plain('clientId', 'Client id'), secret('clientSecret', 'Client secret')];
export const scopesField = plain('scopes', 'Scopes', { required: false, help: 'Separated by spaces. Empty: what the hub’s steps need.' });
export const googleKey = z
  .string()
  .max(20_000)
  .refine((text) => parseServiceAccount(text) !== null, 'the JSON key file of a service account');

/** What is needed of Google's key file; null where the text is none. */
export function parseServiceAccount(text: string): { clientEmail: string; privateKey: string; privateKeyId: string; tokenUri: string } | null {
  try {
    const key = JSON.parse(text) as Record<string, unknown>;
    const { client_email: clientEmail, private_key: privateKey, private_key_id: privateKeyId, token_uri: tokenUri } = key;
    if (key['type'] !== 'service_account' || typeof clientEmail !== 'string' || typeof privateKey !== 'string') return null;
    return {
      clientEmail,
      privateKey,
      privateKeyId: typeof privateKeyId === 'string' ? privateKeyId : '',
      tokenUri: typeof tokenUri === 'string' ? tokenUri : 'https://oauth2.googleapis.com/token',
    };
  } catch {
    return null;
  }
}
