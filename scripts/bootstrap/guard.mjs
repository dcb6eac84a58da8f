// preinstall of the root package: pnpm may install, npm and yarn would build a different (unpinned) tree.
const agent = process.env.npm_config_user_agent ?? '';
if (!agent.startsWith('pnpm/')) {
  console.error('\nThere is nothing to install by hand: type npm start\n(It brings its own Node and pnpm and installs the pinned packages.)\n');
  process.exitCode = 1;
}
