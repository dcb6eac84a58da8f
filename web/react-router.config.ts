import type { Config } from '@react-router/dev/config';

export default {
  ssr: true,
  buildDirectory: 'dist',
  // All routes' manifest comes with the document: no second request before a first navigation.
  routeDiscovery: { mode: 'initial' },
} satisfies Config;
