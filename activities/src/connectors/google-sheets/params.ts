import { z } from 'zod';

export const spreadsheet = z
  .string()
  .min(10)
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/, 'wants the id of a spreadsheet: the long part of its address')
  .describe('The spreadsheet: choose it, or give the long part of its address. Share it with the account of the credential.')
  .meta({ ui: { options: 'spreadsheets' } });
export const sheet = z
  .string()
  .min(1)
  .max(100)
  .describe('The tab.')
  .meta({ title: 'Tab', ui: { width: 'half', options: 'sheets' } });
export const rows = z
  .union([z.array(z.record(z.string(), z.json())), z.record(z.string(), z.json())])
  .describe('A list of records, e.g. {{ nodes.read.output.rows }}, or one: column names and values.')
  .meta({ ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}', fieldsOf: 'row' } });
export const input = z
  .enum(['raw', 'user'])
  .default('raw')
  .describe('As they are, or as if typed in: then dates are recognised and a text that begins with = is a formula.')
  .meta({ title: 'Values', ui: { more: true, labels: ['As they are', 'As if typed in'] } });
export const key = z
  .string()
  .min(1)
  .max(200)
  .describe('The column that tells rows apart.')
  .meta({ title: 'Key column', ui: { width: 'half', options: 'columns' } });
