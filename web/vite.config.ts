import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// RENKEI_URL is the server that `npm run dev` forwards API calls to.
const server = process.env.RENKEI_URL ?? 'http://127.0.0.1:13000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': server, '/files': server } },
  build: {
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
