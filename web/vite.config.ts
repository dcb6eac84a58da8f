import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [tailwindcss(), reactRouter()],
  // Inline data: URLs would need a wider CSP.
  build: { assetsInlineLimit: 0 },
  // Our own entry around React Router's server build: contexts, headers, nonce.
  environments: { ssr: { build: { rollupOptions: { input: './server/app.ts' } } } },
});
