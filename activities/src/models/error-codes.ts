/** Every code prompts and models give, with help and an example of what causes it. Pure data. */
import type { CodeHelp } from '@hub/kit/errors';

export const modelErrorCodes: Record<string, CodeHelp> = {
  'prompt.no-model': { help: 'The prompt names no model. Choose one of GET /api/v1/models, e.g. demo/rules.', example: 'A prompt without model' },
  'prompt.not-available': {
    help: 'Prompts of the library, routers and tools cannot be used yet. Give model and messages in the step.',
    example: 'promptRef is set',
  },
  'prompt.bad-messages': {
    help: 'Messages are a list of { role, content } with role system, user or assistant, and end with the user.',
    example: 'messages is a text',
  },
  'prompt.bad-schema': {
    help: 'The output schema is no JSON Schema that can be used (2020-12, at most 64 KB, no remote or circular $ref, RE2 patterns).',
    example: '{ "type": "strng" }',
  },
  'model.unknown': { help: 'Models are named provider/model with provider demo, openai or anthropic.', example: 'gpt-5-mini without openai/' },
  'model.not-listed': {
    help: 'The hub does not list this model. Its provider is asked for it all the same; its price may not be known.',
    example: 'openai/gpt-5-mimi',
  },
  'model.no-key': {
    help: 'There is no key for this provider. Save a credential and choose it, or let the operator set the key. demo/ models need none.',
    example: 'openai/gpt-5-mini with no key anywhere',
  },
  'model.wrong-credential': { help: 'The credential is of another kind than the model wants.', example: 'An anthropic key with an openai/ model' },
  'model.bad-key': { help: 'The provider does not accept the key. Save a valid one.', example: 'A revoked key' },
  'model.not-allowed': { help: 'The key may not use this model. Choose another model or key.', example: 'A model in preview' },
  'model.not-found': { help: 'The provider does not have this model.', example: 'A retired model' },
  'model.quota-exhausted': { help: 'No credit is left at the provider. Top up; repeating does not help.', example: 'insufficient_quota' },
  'model.rate-limited': {
    help: 'The provider asks to slow down (429). Tried again, not before the time it names. Lower concurrency if it stays.',
    example: 'Too many requests in a minute',
  },
  'model.overloaded': { help: 'The provider is overloaded (503, 529). Tried again.', example: 'A busy hour' },
  'model.server-error': { help: 'The provider failed (408, 409, 425, 5xx). Tried again.', example: '500 of the provider' },
  'model.no-answer': { help: 'The provider did not answer. Tried again.', example: 'The connection broke' },
  'model.bad-answer': {
    help: 'The endpoint answered 200 with something that is not a model’s answer. Check the base URL of the credential.',
    example: 'A base URL without /v1',
  },
  'model.bad-request': {
    help: 'The provider does not accept the request. Check model, messages, schema and parameters.',
    example: 'A temperature the model does not take',
  },
  'model.too-long': {
    help: 'The messages are longer than the model reads. Shorten them, or choose another model.',
    example: 'A book in one message',
  },
  'model.refusal': { help: 'The model refuses to answer. Change the messages, or choose another model.', example: 'A request against its rules' },
  'model.truncated': {
    help: 'The answer was cut at maxTokens. Raise it, or ask for less. For text a warning only.',
    example: 'maxTokens 10 with a large schema',
  },
  'model.bad-output': {
    help: 'The answer does not fit the output schema, also after it was asked to repair it. Simplify the schema or say more.',
    example: 'Prose instead of JSON',
  },
  'model.unsupported-file': { help: 'The model does not read files of this type.', example: 'A video' },
  'model.file-too-large': { help: 'A file part is larger than 20 MB.', example: 'A scan of 80 MB' },
  'model.temperature-ignored': {
    help: 'A warning: the provider takes no temperature; it was left out.',
    example: 'temperature with an anthropic/ model',
  },
  'model.cancelled': { help: 'The call was given up because the step was cancelled or out of time.', example: 'Cancel during an answer' },
};
