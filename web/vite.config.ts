import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

/**
 * What most pages load comes as one script: sixty small ones compress worse (5 kB on each page) and cost a request each.
 * Only modules that many routes share, and without what they import: nothing comes along that a page does not ask for.
 */
const frame: Plugin = {
  name: 'hub-frame',
  enforce: 'post',
  configEnvironment(name) {
    if (name !== 'client') return undefined;
    const group = { name: 'frame', test: /web\/app\/|\/lucide-react\/|\/clsx\//, minShareCount: 20, includeDependenciesRecursively: false };
    return { build: { rolldownOptions: { preserveEntrySignatures: 'allow-extension', output: { codeSplitting: { groups: [group] } } } } };
  },
};

export default defineConfig({
  plugins: [tailwindcss(), reactRouter(), frame],
  // Inline data: URLs would need a wider CSP.
  build: { assetsInlineLimit: 0 },
  // Our own entry around React Router's server build: contexts, headers, nonce.
  environments: { ssr: { build: { rollupOptions: { input: './server/app.ts' } } } },
});
