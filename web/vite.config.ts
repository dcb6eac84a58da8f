import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

/**
 * What most pages load comes as two scripts: sixty small ones compress worse (4 kB on each page) and cost a request each.
 * Only modules that many routes share, and without what they import: nothing comes along that a page does not ask for.
 * Ours and the icons apart, since packages never import ours: so no script imports another in a circle (`e2e/budget.test.ts` looks).
 */
const shared = { minShareCount: 20, includeDependenciesRecursively: false };
const groups = [
  { name: 'frame', test: /\/web\/app\//, ...shared },
  { name: 'icons', test: /\/lucide-react\//, ...shared },
];

const frame: Plugin = {
  name: 'hub-frame',
  enforce: 'post',
  configEnvironment(name) {
    if (name !== 'client') return undefined;
    return { build: { rolldownOptions: { preserveEntrySignatures: 'allow-extension', output: { codeSplitting: { groups } } } } };
  },
};

export default defineConfig({
  plugins: [tailwindcss(), reactRouter(), frame],
  // Inline data: URLs would need a wider CSP.
  build: { assetsInlineLimit: 0 },
  // Our own entry around React Router's server build: contexts, headers, nonce.
  environments: { ssr: { build: { rollupOptions: { input: './server/app.ts' } } } },
});
