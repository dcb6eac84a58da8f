/** Every code that the API itself answers with, with help and an example of what causes it. The house test holds the list complete. Pure data. */

/** Help for one error code; the same shape in every package. */
export interface CodeHelp {
  help: string;
  /** What causes it, in short. */
  example: string;
}

const requests: Record<string, CodeHelp> = {
  'request.invalid': { help: 'The request does not have the shape of the route; errors[] names every place.', example: 'A body without name' },
  'request.<fault>': {
    help: 'One fault of a request in errors[]: what zod says of the place, such as invalid-type or unrecognized-keys.',
    example: 'request.unrecognized-keys at /colour',
  },
  'request.bad-value': { help: 'A value cannot be stored: too large a number, or a text no database holds.', example: '"priority": 1e99' },
  'request.bad-json': { help: 'The body is not JSON, or empty where JSON is announced.', example: '{ "name": }' },
  'request.bad-utf8': { help: 'The body is not UTF-8.', example: 'A body in Latin-1' },
  'request.bad-number': { help: 'A number is larger than a double holds; it would be lost.', example: '1e400' },
  'request.bad-text': { help: 'Texts have no U+0000 and no half characters.', example: '"a\\u0000b"' },
  'request.bad-key': { help: 'The keys __proto__, constructor and prototype are reserved.', example: '{ "__proto__": {} }' },
  'request.too-deep': { help: 'JSON is nested too deep.', example: '[[[[…]]]]' },
  'request.too-large': { help: 'The body is larger than this route takes. Upload large data as a file.', example: 'A definition of 20 MB' },
  'request.bad-length': { help: 'Content-Length does not fit the body.', example: 'A body cut short' },
  'request.media-type': { help: 'Send application/json, or multipart/form-data where a file is uploaded.', example: 'content-type: text/xml' },
  'request.bad-form': { help: 'The form is cut short or not well formed. Send it again.', example: 'An upload that broke off' },
  'request.too-slow': { help: 'The request did not arrive whole within two minutes. Send it again.', example: 'A body over a line that hangs' },
  'request.headers-too-large': { help: 'The headers of a request have at most 16 KB together.', example: 'A cookie of 20 KB' },
  'request.not-http': { help: 'What arrived is not a well formed HTTP request.', example: 'A header without a name' },
  'request.bad-url': { help: 'The URL is not well formed.', example: '/api/v1/runs/%zz' },
  'request.refused': { help: 'The request was refused before it reached its route; the detail says why.', example: 'A malformed header' },
  'request.if-match': { help: 'Send If-Match with the revision you read, one quoted number.', example: 'PATCH without If-Match' },
  'request.stale': {
    help: 'Somebody saved in between. Read it again, apply your change, send the new revision.',
    example: 'Two people edit one draft',
  },
  'request.rate-limited': { help: 'Too many requests. Wait as long as Retry-After says.', example: 'A loop without a pause' },
  'request.bad-idempotency-key': { help: 'Idempotency-Key has 1 to 200 printable ASCII characters.', example: 'Idempotency-Key: ü' },
  'request.in-flight': {
    help: 'The first request with this Idempotency-Key is still running. Try again shortly.',
    example: 'A retry after one second',
  },
  'request.key-reused': { help: 'This Idempotency-Key belongs to another request. Take a new one per request.', example: 'One key for two bodies' },
  'route.not-found': { help: 'There is nothing at this URL. /docs lists all routes.', example: 'GET /api/v1/flows' },
  'request.method': {
    help: 'There is something at this URL, but not for this method. The header Allow names those it takes.',
    example: 'DELETE /api/v1/runs',
  },
  'server.busy': { help: 'The server has too much to do at the moment. Try again after Retry-After.', example: 'A burst of requests' },
  'server.undeclared-route': {
    help: 'A defect of the hub: a route declares no access, so the server refuses to start.',
    example: 'A new route without access',
  },
  'database.unavailable': { help: 'The database does not answer at the moment. Try again after Retry-After.', example: 'PostgreSQL restarts' },
};

const access: Record<string, CodeHelp> = {
  'auth.required': { help: 'Sign in, or send an API key as `Authorization: Bearer hub_…`.', example: 'A call without a key' },
  'auth.bad-authorization': { help: 'The Authorization header is not of the form `Bearer hub_…`.', example: 'Authorization: Basic …' },
  'auth.bad-key': { help: 'The API key is not known, revoked or expired. Make a new one in the settings.', example: 'A key of a deleted team' },
  'auth.bad-token': { help: 'A link of a mail works once and not for ever. Ask for a new one.', example: 'A reset link clicked twice' },
  'auth.wrong-password': { help: 'Address or password are not right. Which of the two is not said.', example: 'A typo' },
  'auth.<reason>': {
    help: 'Sign-in, sign-up or an invitation was refused for this reason; the detail says it in words.',
    example: 'auth.invitation-not-found',
  },
  'auth.refused': { help: 'The account was not made; the detail says why.', example: 'A password of four characters' },
  'auth.csrf': {
    help: 'A change with a session cookie must come from the pages of this hub and carry its token. Programs use an API key.',
    example: 'A form on another site',
  },
  'auth.person-only': { help: 'An API key cannot do this; sign in.', example: 'Making an API key with an API key' },
  'auth.not-allowed': {
    help: 'Your role does not include this; the detail names the permission. Ask an admin of the team.',
    example: 'A viewer starts a run',
  },
  'auth.launcher-only': { help: 'Only the launcher of this installation may do this.', example: 'A wrong x-hub-launcher-token' },
  'auth.link-used': { help: 'A sign-in link works once, for ten minutes. `npm start` prints a fresh one.', example: 'The link in an old terminal' },
  'auth.no-such-person': { help: 'There is no person with this address.', example: 'A sign-in link for a misspelt address' },
  'team.missing': { help: 'No team is chosen: send x-hub-team, or switch to one.', example: 'A person in two teams calls the API' },
  'team.not-found': { help: 'There is no such team, or you are not in it.', example: 'The id of another team' },
  'team.bad-header': { help: 'x-hub-team is the id of a team.', example: 'x-hub-team: acme' },
  'team.refused': { help: 'The team was not made: there may be too many already.', example: 'The hundredth team' },
  'session.not-found': { help: 'There is no such session of yours; it may have ended.', example: 'A session that was signed out elsewhere' },
  'person.not-found': { help: 'The person of this session is not there any more. Sign in again.', example: 'An account deleted a moment ago' },
  'member.not-found': { help: 'There is no such member in this team.', example: 'A member who left' },
  'member.above-yours': { help: 'Nobody gives or takes a role above their own.', example: 'An admin makes an owner' },
  'member.last-owner': { help: 'A team keeps at least one owner. Make somebody else owner first.', example: 'The only owner leaves' },
  'invitation.not-found': {
    help: 'There is no such invitation for you: it is for another address, withdrawn, used or too old.',
    example: 'A link forwarded to a colleague',
  },
  'auth.email-unconfirmed': {
    help: 'Confirm your address first: the link is in the mail you got when you signed up.',
    example: 'Accepting an invitation right after signing up',
  },
  'api-key.not-found': { help: 'There is no such API key in this team.', example: 'A key revoked before' },
  'api-key.bad-scopes': { help: 'The scopes cannot be given; errors[] says which and why.', example: '"scopes": ["root"]' },
  'api-key.unknown-scope': { help: 'A scope is a role, a permission or *.', example: '"root"' },
  'api-key.above-yours': { help: 'A key may do at most what you may do.', example: 'An editor makes an admin key' },
  'api-key.expired': { help: 'The key would be expired at once. Choose a time to come.', example: 'An expiry in the past' },
  'api-key.shown-once': {
    help: 'The key was made by an earlier request with this Idempotency-Key; its secret stood in the first answer only.',
    example: 'A repeated POST',
  },
};

const resources: Record<string, CodeHelp> = {
  'trigger.shown-once': {
    help: 'The URL was made by an earlier request with this Idempotency-Key; it stood in the first answer only. Make a new one, if it was lost.',
    example: 'A repeated POST',
  },
  'workflow.not-found': { help: 'There is no such workflow in this team.', example: 'A deleted workflow' },
  'workflow.not-published': { help: 'The workflow has no published version yet. Publish it first.', example: 'Starting a fresh draft' },
  'workflow.no-such-version': { help: 'The workflow has no such version.', example: '"version": 99' },
  'workflow.no-such-trigger': { help: 'The version has no trigger of this id.', example: '"trigger": "nightly"' },
  'trigger.not-found': { help: 'The published version has no trigger of this id.', example: 'Pausing a trigger that was renamed' },
  'trigger.missed': {
    help: 'A schedule’s time passed while nothing could fire it, by more than its catchUpWindow. Nothing was started; a backfill does it.',
    example: 'A worker that was down for two hours',
  },
  'trigger.changed': {
    help: 'The workflow was published again and again while its trigger fired. Nothing is lost: the fire is tried again.',
    example: 'A script that publishes in a loop',
  },
  'trigger.in-chain': {
    help: 'An event fires no workflow whose own end led to it: that would go in a circle.',
    example: 'Two workflows that wait for each other',
  },
  'trigger.chain-too-deep': { help: 'Events lead at most ten workflows far.', example: 'A chain of eleven workflows' },
  'trigger.stopped': {
    help: 'A trigger failed too often in a row and was stopped. Mend the cause, then resume it.',
    example: 'A poll of a server that is gone',
  },
  'poll.failed': {
    help: 'A poll did not get through; it is tried again later, and stopped after ten times.',
    example: 'A server that does not answer',
  },
  'poll.no-list': { help: 'The answer of a poll holds no list. Say in cursor.items where it is.', example: '{ "result": { "list": [] } }' },
  'poll.too-many': {
    help: 'A poll that remembers what it saw got more items than it can remember. Ask for fewer, or let cursor.order be rising and ask for what comes after {{ cursor }}.',
    example: 'An answer of 40,000 rows',
  },
  'poll.no-key': {
    help: 'An item of a poll has no value in the field that tells items apart. Name another field in cursor.',
    example: '"cursor": "id" for items without id',
  },
  'trigger.bad-action': {
    help: 'A poll reads with an action of a connector; this one is not there, writes, or its parameters do not fit.',
    example: '"action": "send-message"',
  },
  'trigger.not-pausable': { help: 'Starts by hand and over the API cannot be paused one by one. Pause the workflow.', example: 'Pausing manual' },
  'trigger.bad-schedule': { help: 'A schedule cannot be read, or would never fire; the message says which part.', example: '"cron": "61 * * * *"' },
  'trigger.bad-words': {
    help: 'These words are not understood as a schedule. Write a cron, or one of the phrases of the message.',
    example: '"now and then"',
  },
  'trigger.not-a-schedule': { help: 'Only schedules have times to fill in.', example: 'A backfill of a webhook' },
  'trigger.bad-window': { help: 'The window begins before it ends, and ends in the past.', example: 'from tomorrow' },
  'trigger.backfill-too-many': { help: 'One backfill makes at most 1,000 runs. Choose a shorter window.', example: 'A year of every minute' },
  'trigger.backfill-held': {
    help: 'The workflow took no more starts while the backfill ran: it was paused, or the runs of the plan’s month are used up. What was started stays; ask again later.',
    example: 'A backfill of 900 times with 100 runs left this month',
  },
  'trigger.backfill-changed': {
    help: 'The count is another than the one confirmed, or the workflow was published in between. Look at the count again and confirm it.',
    example: 'confirm: 20 for a window of 21 times',
  },
  'workflow.paused': { help: 'The workflow is paused and takes no starts. Activate it.', example: 'A start during maintenance' },
  'workflow.archived': { help: 'The workflow is archived and takes no starts. Activate it.', example: 'An old script still calls it' },
  'workflow.busy': { help: 'The workflow is running and its overlap is set to skip.', example: 'A second start within a minute' },
  'workflow.has-runs': { help: 'A workflow with runs is not deleted, so that they stay readable. Archive it.', example: 'DELETE after a test run' },
  'workflow.bad-inputs': { help: 'The `inputs` schema of this version cannot be used. Correct it and publish again.', example: '"type": "strng"' },
  'version.not-found': { help: 'The workflow has no such version.', example: 'GET /versions/99' },
  'definition.invalid': {
    help: 'The definition has faults; errors[] names every one with its place and code.',
    example: 'An edge to a node that is not there',
  },
  'plan.limit': { help: 'The plan of the team does not allow more. Ask its owner for another plan.', example: 'The eleventh active workflow' },
  'plan.trigger': { help: 'The plan of the team has no triggers of this type.', example: 'A webhook on the free plan' },
  'trigger.no-such-window': { help: 'The window that listened for a test event is gone. Open a new one.', example: 'A page left open over night' },
  'trigger.paused': { help: 'This trigger is paused and takes nothing. Resume it.', example: 'A webhook during maintenance' },
  'trigger.no-secret': {
    help: 'The webhook names a check, but its secret cannot be used: choose a credential of kind webhook-secret that is active.',
    example: 'A Stripe webhook whose credential was revoked',
  },
  'hook.not-found': { help: 'There is no webhook or form at this address. Its token may have been replaced.', example: 'A URL cut short' },
  'push.not-found': {
    help: 'No channel of this id and token is open for notifications of this vendor. One that ended is stopped by itself.',
    example: 'A made-up X-Goog-Channel-Token',
  },
  'hook.removed': { help: 'The webhook or form was removed from its workflow.', example: 'A provider that still calls an old address' },
  'hook.listen-over': { help: 'A test address takes one event within 2 minutes. Open a new one.', example: 'A second test event' },
  'hook.no-signature': {
    help: 'The request lacks the signature that this webhook wants, or has it twice or misspelt.',
    example: 'A call by hand without stripe-signature',
  },
  'hook.bad-signature': {
    help: 'The signature does not fit body and secret. Is it the secret of this endpoint?',
    example: 'The secret of the test mode',
  },
  'hook.stale': {
    help: 'The request was signed more than 300 s ago, or ahead of our clock. Send it again, signed anew.',
    example: 'A replayed request',
  },
  'hook.replayed': { help: 'The same signed request came before under another id.', example: 'A captured request with a fresh delivery id' },
  'hook.no-secret': {
    help: 'The webhook names a check whose secret is missing, so it refuses everything. Its page says what is wrong.',
    example: 'The credential was deleted',
  },
  'hook.bad-config': {
    help: 'The stored settings are not understood, so nothing is taken. Publish the workflow again.',
    example: 'Settings of an older release',
  },
  'hook.file-handle': {
    help: 'Files come as parts of a multipart form. A handle ($file) in the body is refused.',
    example: '{ "file": { "$file": "…" } }',
  },
  'hook.too-many-fields': { help: 'A form has at most 1,000 fields.', example: 'A form made by a loop' },
  'hook.too-many-files': { help: 'A form has at most 10 files.', example: 'A folder dropped on a form' },
  'signal.full': {
    help: 'The team holds as many signals as it may that nobody waits for. They expire after 24 hours.',
    example: 'A sender without a waiting run',
  },
  'slack.url-verification': {
    help: 'Not a fault: Slack asked whether the address is ours, and was answered.',
    example: 'Saving the URL in the settings of a Slack app',
  },
  'delivery.not-found': { help: 'There is no such request any more; they are kept 7 days.', example: 'A link from last month' },
  'delivery.not-replayable': {
    help: 'A refused request, or one over 256 KB, is not kept whole. Ask the sender to send it again.',
    example: 'A forged request',
  },
  'resume.not-found': { help: 'The link leads to nothing: it is misspelt, or its step does not wait yet.', example: 'A link cut by a mail program' },
  'resume.used': { help: 'A resume link works once.', example: 'A second click' },
  'resume.expired': { help: 'The step does not wait any more: its time was over, or the run ended.', example: 'A link from last month' },
  'resume.approval': { help: 'An approval is answered on its page: open the link in a browser.', example: 'A POST to an approval link' },
  'form.no-such-submission': { help: 'There is no such submission of this form.', example: 'A link of another form' },
  'run.failed': { help: 'A webhook that answers with the result: the run failed. Its page says why.', example: 'A step that failed for good' },
  'run.cancelled': { help: 'A webhook that answers with the result: the run was cancelled.', example: 'Somebody pressed Cancel' },
  'run.timed-out': { help: 'A webhook that answers with the result: the run took longer than it may.', example: 'timeoutMs of 10 s' },
  'run.terminated': {
    help: 'Somebody terminated the run in Temporal. Retry it: what it completed is kept.',
    example: 'Terminate in the Temporal Web UI',
  },
  'run.temporal-timeout': {
    help: 'Temporal closed the run after the longest time that it grants an execution (a year). Retry it: what it completed is kept.',
    example: 'An approval that nobody gave',
  },
  'run.lost': {
    help: 'Temporal no longer knows the run, so it cannot go on. Retry it: what it completed is kept.',
    example: 'A Temporal server that lost its disk',
  },
  'run.end-unrecorded': {
    help: 'Temporal closed the run and its end is not in the database. `npm run rebuild -- <run id>` takes it from the history.',
    example: 'A database restored from a backup of yesterday',
  },
  'run.no-history': { help: 'Temporal has no history of this run (any more), so its rows cannot be taken from it.', example: 'A run of last year' },
  'run.orphaned': {
    help: 'The run had ended here while its execution was still open in Temporal; the reconciler closed that.',
    example: 'A row ended by hand',
  },
  'run.stuck': {
    help: 'The run had not heard what came for it, or did not go on; the reconciler set it back, and it decided anew from its rows: nothing was called twice.',
    example: 'A worker that was stopped for longer than a workflow task may take',
  },
  'run.not-found': { help: 'There is no such run in this team.', example: 'The id of another team’s run' },
  'input.<keyword>': {
    help: 'One fault of an input in errors[]: the keyword of JSON Schema that does not hold there.',
    example: 'input.required at /input/text',
  },
  'run.invalid-input': {
    help: 'The input does not fit the `inputs` schema of the workflow; errors[] names every place.',
    example: 'A missing required field',
  },
  'run.not-settled': { help: 'Only a run that has ended can be continued.', example: 'Retrying a run that is still running' },
  'run.invalid-retry': { help: 'What a retry asks for does not fit the run; every fault is named.', example: '"fromNode": "gone"' },
  'run.no-iteration': {
    help: 'A node outside of loops has no iterations, and a loop no more than it had items.',
    example: '"fromNode": "report", "iteration": 2',
  },
  'run.output-in-loop': { help: 'Outputs can be set by hand for nodes outside of loops.', example: '"outputs": { "node_in_a_body": 1 }' },
  'run.test-version': { help: 'A test run is continued on the draft it froze.', example: 'Retrying a test run with "version": 3' },
  'run.refused': { help: 'The run was not taken; the detail says why.', example: 'A limit reached in between' },
  'run.settled': { help: 'The run has ended already.', example: 'Cancelling a completed run' },
  'run.not-begun': { help: 'The run has not begun: it waits for its slot. Cancel it, or wait.', example: 'Pausing a queued run' },
  'signal.too-many': { help: 'A run keeps at most 1,000 signals that no step has taken.', example: 'A sender in a loop' },
  'answer.not-waiting': { help: 'The step does not wait for an answer (any more, or yet).', example: 'Answering a step that completed' },
  'answer.path-needed': { help: 'Several iterations of the step wait: name one with path.', example: 'An approval in a loop' },
  'answer.wrong-decision': { help: 'Approvals take approved or rejected; unknown outcomes retry, done or fail.', example: 'retry on an approval' },
  'answer.bad-output': { help: 'An output given by hand must name a port of the node.', example: 'A switch without port' },
  'approval.not-found': { help: 'There is no such approval in this team, or the link is not its own.', example: 'A link with a changed token' },
  'approval.not-asked': { help: 'The approval names people or roles, and you are none of them.', example: 'An editor where only admins are asked' },
  'approval.settled': { help: 'The approval was answered, its time was up, or its run has ended.', example: 'Two people press at once' },
  'approval.invalid-form': { help: 'The form is not filled in as its schema says; errors[] names every place.', example: 'A missing amount' },
  'form.<keyword>': {
    help: 'One fault of a form in errors[]: the keyword of JSON Schema that does not hold there.',
    example: 'form.required at /form/amount',
  },
  'node.no-output': {
    help: 'The node has no output in this run: it did not run, failed, or does not exist.',
    example: 'The output of a skipped node',
  },
  'file.missing': { help: 'Send one part named file.', example: 'A form with a part named upload' },
  'file.one-only': { help: 'Send exactly one file and nothing else.', example: 'Two files in one form' },
  'variable.not-found': { help: 'There is no such variable in this team.', example: 'DELETE /variables/REGIO' },
  'credential.not-found': { help: 'There is no such credential in this team.', example: 'A credential of another team' },
  'credential.revoked': {
    help: 'The credential of a step was revoked or replaced. Choose another one, or store it anew.',
    example: 'A key taken back after a leak',
  },
  'credential.not-allowed': {
    help: 'Naming a credential in a published workflow needs the permission credential.use.',
    example: 'A runner publishes',
  },
  'credential.bad-values': { help: 'The values do not fit the kind; GET /docs shows what each kind wants.', example: 'kind basic without password' },
  'credential.unknown-kind': { help: 'There is no such kind of credential. GET /api/v1/credential-kinds lists them.', example: 'kind: gsheets' },
  'credential.not-yours': {
    help: 'This credential may be used by certain people only. Ask one of them to publish, or an admin to add you.',
    example: 'The payroll key in a workflow of somebody else',
  },
  'credential.missing-scope': {
    help: 'The provider granted less than the hub needs; the answer names the scopes. Grant them there and connect again.',
    example: 'A Slack bot without chat:write',
  },
  'credential.provider-busy': {
    help: 'The provider of a credential does not answer well at the moment. Try again in a minute.',
    example: 'Status 503',
  },
  'credential.no-hosts': { help: 'Say where the value may be sent: allowedHosts.', example: 'A bearer token for nowhere' },
  'credential.name-taken': { help: 'Another credential of the team has this name.', example: 'Two credentials named CRM' },
  'credential.values-needed': {
    help: 'A wider list of hosts needs the values again, so that nobody sends a secret they do not know to a host of theirs.',
    example: 'Adding a host to an old key',
  },
  'notice.not-found': { help: 'There is no such notice for you.', example: 'A notice of a colleague' },
};

const authoring: Record<string, CodeHelp> = {
  'node.not-found': {
    help: 'There is no node of this id in the draft, or in the definition of the run.',
    example: '"upTo": "scor" for a node "score"',
  },
  'node.bad-path': {
    help: 'The path does not lead to this node: it names other loops than those around it.',
    example: 'each[0].label for a node outside of each',
  },
  'pins.invalid': { help: 'Some outputs cannot be pinned; errors[] says which and why.', example: 'A pin for a node that was deleted' },
  'pins.no-port': {
    help: 'An output given by hand says which port was taken: { "result": true } for a condition, { "port": "…" } for a switch, { "decision": "approved" } for an approval.',
    example: 'Pinning "yes" on a condition',
  },
  'pins.too-large': {
    help: 'Outputs that stand in for nodes are at most 4 MB together. Pin a sample, or let the node run.',
    example: 'A pin of 100,000 rows',
  },
  'run.nothing-to-take': {
    help: 'pinnedFromRun gives outputs to nodes that do not run: send only or upTo with it.',
    example: 'A test of the whole draft with pinnedFromRun',
  },
  'preview.bad-place': {
    help: 'A preview is either in a run (runId, nodeId, iteration, path) or without one (workflowId, pinned, input, item).',
    example: 'nodeId without runId',
  },
  'preview.too-large': {
    help: 'The values that the expression reads are over 16 MB together: too much to look at while typing.',
    example: 'A preview on a node that gave a million rows',
  },
  'import.bad-connection': {
    help: 'What is to be put in place of placeholders does not fit; errors[] says which and why.',
    example: 'The id of another team’s credential',
  },
  'import.no-such-placeholder': {
    help: 'The file has no placeholder of this name.',
    example: '"credential:crm" where the file says "credential:crm-key"',
  },
  'import.wrong-kind': { help: 'The placeholder stands for a credential of another kind.', example: 'A bearer token for an openai key' },
  'template.not-found': {
    help: 'The hub has no template of this id. GET /api/v1/templates lists them.',
    example: 'GET /api/v1/templates/produkt-reviews',
  },
  'template.broken': {
    help: 'A template that came with the hub cannot be read: its folder is damaged. Restore it.',
    example: 'template.json cut short',
  },
  'member.twice': { help: 'A person is named twice in the list.', example: 'Two levels for one person' },
};

/** By code. */
export const errorCodes: Record<string, CodeHelp> = { ...requests, ...access, ...resources, ...authoring };
