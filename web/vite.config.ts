import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [tailwindcss(), reactRouter()],
  build: {
    // Inline data: URLs would need a wider CSP.
    assetsInlineLimit: 0,
    ...(isSsrBuild ? { rollupOptions: { input: './server/app.ts' } } : {}),
  },
}));
