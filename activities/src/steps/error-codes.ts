/** Every code that steps and expressions give, with help and an example of what causes it. Pure data; a test holds the list complete. */
import type { CodeHelp } from '@hub/kit/errors';

export const stepErrorCodes: Record<string, CodeHelp> = {
  'expression.syntax': { help: 'The expression is not JSONata, or a {{ has no }}. The message names the place.', example: 'input.total +' },
  'expression.too-long': {
    help: 'An expression has at most 10 KB of text. Use a transform or code step before it.',
    example: 'A whole table pasted into an expression',
  },
  'expression.too-deep': {
    help: 'The expression or its data is nested, or recurses, too deeply. Write recursion as a tail call, or use a code step.',
    example: '($f := function($x){ 1 + $f($x) }; $f(1))',
  },
  'expression.bracket-string': { help: 'JSONata reads x["name"] as a filter and gives x. Write x.`name`.', example: 'input["first name"]' },
  'expression.eval': { help: '$eval is not available. Write the expression itself.', example: '$eval("1 + 1")' },
  'expression.failed': { help: 'JSONata could not evaluate the expression; the message is its own.', example: '"a" + 1' },
  'expression.missing': {
    help: 'The expression gives nothing. It counts as null with a warning; where the step is strict, as an error.',
    example: '{{ input.emial }}',
  },
  'expression.not-json': { help: 'The result holds NaN, Infinity, a function or itself, which JSON cannot hold.', example: '1/0' },
  'expression.bad-regex': {
    help: 'matches takes RE2 patterns: no look-around, no back-references.',
    example: '{ "op": "matches", "right": "(?=a)" }',
  },
  'expression.timeout': {
    help: 'The evaluation took more than 2 s of processor time (or 6 s in all) and was stopped. Work on less data, or use a code step.',
    example: '$match(text, /^(a+)+$/)',
  },
  'expression.memory': { help: 'The evaluation needed more than 256 MB and was stopped. Work on less data.', example: "$pad('a', 500000000)" },
  'expression.too-large': {
    help: 'A value that expressions read or give has at most 32 MB of JSON. Pass files by their handle.',
    example: 'A 40 MB answer filtered in one transform',
  },
  'expression.pool-full': {
    help: 'Too many evaluations are waiting; it is tried again by itself.',
    example: 'Thousands of runs at once on one machine',
  },
  'expression.pool-down': {
    help: 'The processes that evaluate expressions do not start. Look at the worker’s log.',
    example: 'No memory left on the machine',
  },
  'expression.pool-closed': { help: 'The process is shutting down; another one takes over.', example: 'A deployment' },
  'expression.cancelled': { help: 'The evaluation was stopped with its step.', example: 'A cancelled run' },
  'expression.internal': {
    help: 'Something in the evaluation went wrong on our side. Please report it with the expression.',
    example: 'A fault of the hub',
  },
  'wait.no-time': { help: 'until gives a time: ISO 8601, or ms since 1970.', example: '"until": "tomorrow"' },
  'wait.bad-duration': {
    help: 'A template gave something that is no duration: 250ms, 30s, 5m, 2h or 7d.',
    example: '"for": "{{ input.minutes }}" where minutes is 5',
  },
  'approval.bad-approvers': {
    help: 'A template of approvers gave nobody, or something that is no e-mail address and no role. Nobody is asked.',
    example: '"approvers": ["{{ input.manager }}"] where the input has no manager',
  },
  'approval.nobody-asked': {
    help: 'A warning: nobody in the team has one of the addresses or roles that the approval names. Whoever started the run, else owners and admins, were told; others can answer by its link.',
    example: '"approvers": ["managers"]',
  },
  'wait.zone': { help: 'timeZone is a name of the IANA list.', example: '"timeZone": "Berlin"' },
  'wait.too-long': { help: 'A run waits at most 360 days.', example: '"until": "2099-01-01"' },
  'subworkflow.failed': { help: 'The run of the other workflow did not complete; the message has its id.', example: 'A step of the child failed' },
  'subworkflow.too-deep': { help: 'Runs start each other at most 10 deep.', example: 'A workflow that runs itself' },
  'subworkflow.not-startable': { help: 'The other workflow is not there, has no published version, or is archived.', example: 'The id of a draft' },
  'code.syntax': { help: 'The code is not the body of an async JavaScript function.', example: 'return (' },
  'code.too-long': { help: 'Code has at most 256 KB.', example: 'A bundled library' },
  'code.threw': {
    help: 'The code threw an error; the message is its own, with the line. With retry it is tried again.',
    example: 'TypeError: cannot read property "x" of undefined (line 3)',
  },
  'code.memory': { help: 'The code needed more than 128 MB and was stopped.', example: 'A list that only grows' },
  'code.never-ends': {
    help: 'The code waits for something that can never happen: there are no timers and no network.',
    example: 'await new Promise(() => {})',
  },
  'respond.second': {
    help: 'A warning: another respond step had answered already. Only the first answers.',
    example: 'Two branches that both respond',
  },
  'respond.too-late': {
    help: 'A warning: the request waits 30 s, then it is told to look later. Respond earlier, or let the webhook answer at once.',
    example: 'A respond step after a slow model call',
  },
  'respond.no-request': {
    help: 'A warning: nobody waits for an answer of this run.',
    example: 'A run started by hand, or by a webhook that answers at once',
  },
  'respond.header-refused': {
    help: 'A warning: an answer may set content-type, content-language, cache-control, etag, last-modified, location, retry-after, link, vary and x-… headers.',
    example: 'set-cookie',
  },
  'respond.as-text': {
    help: 'A warning: HTML is never served from the address of the hub, so it goes out as text.',
    example: 'content-type: text/html',
  },
  'respond.too-large': { help: 'An answer has at most 1 MB. Answer with a file: put its handle into body.', example: 'A whole export as JSON' },
  'respond.not-here': { help: 'This worker was set up without a way to answer requests.', example: 'A worker of a test' },
  'notify.no-mail': { help: 'This worker was set up without mail.', example: 'A worker of a test' },
  'notify.refused': { help: 'The receiver refused the notification for good; the message is its own.', example: 'Slack says channel_not_found' },
  'notify.not-taken': { help: 'The receiver could not take the notification now; it is tried again.', example: 'Slack answers 429' },
  'step.failed': {
    help: 'The step failed in a way that has no code of its own; the message says how.',
    example: 'A connection that broke in the middle',
  },
  'step.timeout': { help: 'One attempt ran longer than timeoutMs (60 s where none is set, code at most 10 s).', example: 'A slow API' },
  'step.worker-lost': {
    help: 'The worker running this step was lost more than five times. Look at its log.',
    example: 'A step that kills its process by memory',
  },
  'step.unknown-outcome': {
    help: 'A call that must not be repeated was begun, and whether it had an effect is not known. Look at the other side, then retry the run from this step.',
    example: 'The connection broke after a payment was sent',
  },
  'step.invalid-config': { help: 'The step’s config does not fit its kind.', example: 'A transform with an unknown preset' },
  'step.not-pure': { help: 'A fault of the hub: a step was put into a group it does not belong to.', example: 'A fault of the hub' },
  'step.value-missing': {
    help: 'A fault of the hub: the stored output of a completed step is not there.',
    example: 'A restored database that lacks rows',
  },
  'definition.unknown-node': { help: 'A fault of the hub: plan and definition do not belong together.', example: 'A fault of the hub' },
  'value.not-an-array': { help: 'A fault of the hub: a loop’s stored items are not a list.', example: 'A fault of the hub' },
  'value.cleaned': { help: 'A warning: characters that cannot be stored (U+0000, half a surrogate pair) became U+FFFD.', example: '"a\\u0000b"' },
  'credential.wrong-kind': {
    help: 'The action takes another kind of credential.',
    example: 'A basic credential for an action that wants a bearer token',
  },
  'run.invalid-input': {
    help: 'The input does not fit the `inputs` schema of the workflow that it starts; every place is named.',
    example: 'A schedule whose input lacks a required field',
  },
  'undo.not-possible': {
    help: 'What a step did could not be undone: what it gave back does not say enough, or its action has nothing any more that undoes it. Undo it by hand.',
    example: 'Inserted rows of which no column was returned',
  },
  'run.gone': { help: 'The run has ended already, or is not of this team.', example: 'A step that reports after its run was cancelled' },
};
