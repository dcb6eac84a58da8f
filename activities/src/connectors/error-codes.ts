/** Every code the connectors give, with help and an example of what causes it. Pure data. */
import type { CodeHelp } from '@hub/kit/errors';

export const connectorErrorCodes: Record<string, CodeHelp> = {
  'step.unknown-action': {
    help: 'The connector or its action does not exist. Choose one of GET /api/v1/connectors.',
    example: 'connector "file", action "read-row"',
  },
  'step.unknown-version': {
    help: 'The action has no such version. Remove actionVersion from the step and publish again.',
    example: '"actionVersion": 9',
  },
  'connector.unknown': { help: 'There is no such connector. Choose one of GET /api/v1/connectors.', example: 'connector "postgress"' },
  'connector.no-services': { help: 'This connector tells forms nothing: its fields are typed in.', example: 'Options of http' },
  'connector.rate-limited': {
    help: 'The vendor asks to wait. The call did nothing and is made again, not before Retry-After.',
    example: 'Notion answers 429, Retry-After: 3',
  },
  'connector.unavailable': { help: 'The vendor failed or was not ready. Tried again as the step says.', example: 'Google answers 503' },
  'connector.bad-answer': {
    help: 'The answer of the vendor ends too soon or is not JSON. A call that may be repeated is repeated; another waits as unknown-outcome.',
    example: 'A proxy that cuts answers off',
  },
  'connector.unauthorized': {
    help: 'The vendor refuses the credential, also after it was renewed. Connect again.',
    example: 'A token that was revoked at the vendor',
  },
  'connector.missing-scope': { help: 'The credential lacks a scope; the message names it. Connect again and grant it.', example: 'chat:write' },
  'connector.forbidden': {
    help: 'The account may not do this. Share the resource with it, or choose another credential.',
    example: 'A sheet that is not shared with the service account',
  },
  'connector.not-found': {
    help: 'What the step names is not there, or not shared with the account of the credential. Choose it again.',
    example: 'A table that was renamed',
  },
  'connector.conflict': { help: 'The vendor reports a conflict with what it has.', example: 'A key that is there already' },
  'connector.refused': {
    help: 'The vendor does not accept the request; the message carries its words.',
    example: 'A field that the table does not have',
  },
  'connector.paging-loop': { help: 'The next page would be one already read.', example: 'A cursor that never changes' },
  'connector.too-large': { help: 'The rows are over 32 MB together. Set a limit, a filter or fewer fields.', example: '500,000 wide rows' },
  'connector.more-rows': { help: 'A warning: there are more rows than the limit; the rest was not read.', example: 'limit 1,000 of 5,000 rows' },
  'connector.near-limit': {
    help: 'A warning: most of the calls that the vendor allows in a day are used. Poll less often, or ask the vendor for more.',
    example: '14,500 of 15,000 calls of Salesforce',
  },
  'credential.needed': { help: 'The action wants a credential. Choose or make one in the step.', example: 'Notion without a token' },
  'step.invalid-params': {
    help: 'What the expressions of a step gave does not fit the params of its action; every fault is named with its path.',
    example: 'expect.status is "ok"',
  },
  'step.invalid-param': { help: 'One field of the params has the wrong type or value.', example: '/limit wants a number' },
  'step.unknown-param': {
    help: 'The action does not know this field. Remove it, or look at GET /api/v1/connectors.',
    example: '/timeout is not known',
  },
  'step.literal-param': { help: 'This param is taken literally and may hold no {{ }}.', example: 'SQL with {{ input.id }} in it' },
  'credential.incomplete': {
    help: 'The credential lacks a value its kind needs. Save its values again.',
    example: 'A bearer credential without token',
  },
  'email.rejected': {
    help: 'A warning: the mail server refused some of the addresses; the others got the message.',
    example: 'An address that does not exist',
  },
  'file.not-found': { help: 'There is no such file in this team. Upload it again.', example: 'A handle of another team' },
  'file.empty': { help: 'The file holds nothing. Upload one with at least a header row.', example: 'A file of 0 bytes' },
  'file.not-text': {
    help: 'The content is no table of text, whatever its name says. Export CSV (UTF-8) or JSON.',
    example: 'An Excel workbook renamed to reviews.csv',
  },
  'file.bad-encoding': {
    help: 'The bytes are not valid in this encoding. Save as UTF-8, or choose windows-1252 in the step.',
    example: 'An old export with umlauts',
  },
  'file.bad-csv': {
    help: 'A line of the CSV cannot be read; the message names it. Mostly a quotation mark or the delimiter.',
    example: 'Line 7 has 5 cells, but there are 4 columns',
  },
  'file.bad-json': { help: 'The text is not JSON; the message names the line.', example: 'Line 3: this is not JSON' },
  'file.bad-header': {
    help: 'A column name is too long. Is the first row data? Then set header to false.',
    example: 'A whole sentence as column name',
  },
  'file.forbidden-column': {
    help: 'A column or field may not be named __proto__, constructor or prototype. Rename it.',
    example: 'A CSV with the column __proto__',
  },
  'file.unnamed-column': { help: 'A warning: a column has no name and was numbered.', example: 'id,,text' },
  'file.duplicate-column': { help: 'A warning: a column name appears twice and got a number.', example: 'name,name' },
  'file.short-rows': {
    help: 'A warning: some rows have fewer cells than there are columns; the missing ones are null.',
    example: 'Trailing empty cells left out',
  },
  'file.bare-items': { help: 'A warning: items of a JSON list are no objects; each is given as { value }.', example: '[1, 2, 3]' },
  'file.more-warnings': { help: 'A warning: there are more than ten; the rest is not shown.', example: 'A hundred unnamed columns' },
  'file.bad-office': { help: 'The file is no Excel or Word file, or it is damaged. Open and save it again.', example: 'A ZIP named report.xlsx' },
  'file.bad-document': { help: 'The document cannot be read; the message says why.', example: 'A PDF with a password' },
  'file.no-sheet': { help: 'The workbook has no sheet of that name or number; the remedy names those it has.', example: 'sheet "Totals"' },
  'file.no-conversion': { help: 'This kind of file does not become that one. A document is no table.', example: 'A PDF to CSV' },
  'data.bad-schema': { help: 'The JSON Schema of a row cannot be used; the message says why.', example: '"type": "sting"' },
  'data.too-many-rejected': {
    help: 'More rows were rejected than the step allows; the first faults are in details.',
    example: '40% rejected, 10% allowed',
  },
  'data.too-many-keys': {
    help: 'There are more different values, groups or other rows than memory should hold. Split or filter first.',
    example: '6,000,000 different e-mails',
  },
  'data.not-a-number': { help: 'A sum or average met a value that is no number.', example: 'sum of "n/a"' },
  'data.too-many-parts': { help: 'The split would give too many parts.', example: 'One part per order number' },
  'file.no-rows': { help: 'There is no list of rows where one is wanted. Name its place in path.', example: 'A JSON file with one number' },
  'file.too-large': { help: 'The file or its rows are too large to be read at once. Set limit, or split the file.', example: '60 MB of JSON' },
  'file.too-many-rows': { help: 'More than 100,000 rows. Set limit, or split the file.', example: 'A log of a million lines' },
  'file.too-many-columns': { help: 'More than 1,000 columns. Check the delimiter, or drop columns.', example: 'A matrix export' },
  'file.cell-too-large': {
    help: 'A cell has more than 1,000,000 characters. A quotation mark may be missing.',
    example: 'A whole document in one cell',
  },
  'file.too-deep': { help: 'JSON nests deeper than 64 levels. Flatten it.', example: '[[[[…]]]]' },
  'http.status-4xx': {
    help: 'The API answered with this status (the code carries it, e.g. http.status-404) and will do so again: correct the request, or list the status in expect.status.',
    example: 'http.status-404: no such item',
  },
  'http.status-5xx': {
    help: 'The API failed or asks to wait (also 408, 425, 429; the code carries the status). Tried again as the step says, not before Retry-After.',
    example: 'http.status-503: maintenance',
  },
  'http.bad-json': { help: 'The answer says it is JSON and is not. Set response to text to see it.', example: 'An answer cut in the middle' },
  'http.too-deep': { help: 'The JSON of the answer nests deeper than 64 levels. Set response to text.', example: '[[[[…]]]]' },
  'http.unexpected-answer': { help: 'A field named in expect.fields is not in the answer.', example: 'data.id is missing' },
  'http.no-items': { help: 'A page has no list. Say in paging.items where it is.', example: 'The list is under data.items' },
  'http.paging-loop': {
    help: 'The next page would be one already read. Check the paging settings against the API.',
    example: 'The cursor never changes',
  },
  'http.more-pages': { help: 'A warning: there are more pages than maxPages; the rest was not read.', example: 'maxPages is 10, the API has 12' },
  'http.invalid-utf8': { help: 'A warning: bytes of the answer are not UTF-8 and became U+FFFD.', example: 'A Latin-1 page without charset' },
  'http.unknown-charset': {
    help: 'A warning: the answer names a character set that is not known; it was read as UTF-8.',
    example: 'charset=klingon',
  },
};
