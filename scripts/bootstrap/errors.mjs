// One kind of error for people: what is wrong and the way out. Everything else is a bug and keeps its stack.

/** An error whose text is written for the person at the terminal; it is printed without a stack. */
export class LauncherError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {string} [remedy] what to do about it
   */
  constructor(message, remedy) {
    super(message);
    this.name = 'LauncherError';
    this.remedy = remedy;
  }
}

/**
 * A port that was free when it was chosen and is not any more.
 * @param {number} port
 * @param {string} logFile
 */
export function portTaken(port, logFile) {
  return new LauncherError(
    `Port ${port} was taken by another program just before it was used (another npm start, at the same moment?).`,
    `Type npm start again: it takes the next free one. The log is ${logFile}`,
  );
}

const diskFull = /ENOSPC|no space left on device|No space left on device|database or disk is full/;
const readOnly = /EROFS|read-only file system/i;
const noNetwork = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network is unreachable|Could not resolve host|dial tcp/i;

/**
 * The way out of a failure that the text of an error or of a child's output gives away, or undefined.
 * @param {string} text
 * @returns {string | undefined}
 */
export function remedyFor(text) {
  if (diskFull.test(text)) return "The disk is full. Free about 3 GB (`npm run reset` empties this project's own state) and type npm start again.";
  if (readOnly.test(text)) return 'The folder is on a read-only disk. Clone to a place you can write to.';
  if (/EACCES|EPERM|permission denied/i.test(text))
    return 'A file belongs to somebody else (an earlier start with sudo?). Give the clone back with: sudo chown -R "$(id -u)" .';
  if (noNetwork.test(text))
    return 'The network did not answer. Check the connection (or the proxy in ~/.npmrc) and type npm start again; what was done is kept.';
  return undefined;
}

/**
 * Text of an unknown thrown value.
 * @param {unknown} error
 */
export function errorText(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Prints an error as its reader needs it: message and way out, and a stack only where it is our bug.
 * @param {unknown} error
 * @param {(line: string) => void} print
 */
export function printError(error, print = (line) => process.stderr.write(`${line}\n`)) {
  const text = errorText(error);
  const own = error instanceof LauncherError ? error.remedy : undefined;
  const known = remedyFor(text);
  print(`\n${text}`);
  if (own) print(own);
  // A full disk hides behind many faces; whoever threw cannot have meant that.
  if (known && (!own || diskFull.test(text))) print(known);
  if (!(error instanceof LauncherError) && !known && error instanceof Error && error.stack) print(error.stack);
}
