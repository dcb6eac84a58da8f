import type { CredentialKind } from '../types.ts';

/** The way that needs no app registration first. */
export const googleKinds: readonly CredentialKind[] = ['google-service-account', 'google-oauth'];
export const sheetsScope = 'https://www.googleapis.com/auth/spreadsheets';
export const driveScope = 'https://www.googleapis.com/auth/drive';
