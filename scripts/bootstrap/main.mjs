// The front door of npm start, test, example, reset, proof and bench. This file must still be readable for an old Node, so that it can say what is wrong:
// no import above the check, no new syntax.
const wanted = 20;
const major = Number(process.versions.node.split('.')[0]);
if (major < wanted) {
  console.error(
    'This project needs Node ' +
      wanted +
      ' or newer to start (it then brings its own Node 24); this is Node ' +
      process.versions.node +
      '.\n' +
      'Install one from https://nodejs.org, or with nvm: nvm install 24',
  );
  process.exitCode = 1;
} else if (process.platform === 'win32') {
  console.error(
    'This project does not run on Windows itself, but it does in WSL 2:\n' +
      '  1. In PowerShell: wsl --install\n  2. In the Ubuntu window: install Node (https://nodejs.org), clone this repository there (not under /mnt/c), type npm start',
  );
  process.exitCode = 1;
} else {
  void import('./cli.mjs').then((cli) => cli.main(process.argv.slice(2)));
}
