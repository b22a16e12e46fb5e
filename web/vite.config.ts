import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// RENKEI_URL is the server that `npm run dev` forwards API calls to.
const server = process.env.RENKEI_URL ?? 'http://127.0.0.1:13000';

// What most screens after sign-in share. Components that only one drawer or picker needs stay with it.
const kit = /node_modules[\\/](@mantine[\\/](?!dates|form|core[\\/]esm[\\/]components[\\/](Accordion|Autocomplete|Color|NumberInput|TagsInput|Tabs|Slider|Fieldset|Progress))|@floating-ui|react-|@tanstack|@tabler)|src[\\/](api|parts[\\/](kit|catalog|fields[\\/](kind|format|colors)|filter[\\/]filter_model))/;

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': server, '/files': server } },
  build: {
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        assetFileNames: ({ names }) => `assets/${(names[0] ?? 'file').replace(/~.*|\.\w+$/g, '')}-[hash][extname]`,
        codeSplitting: {
          groups: [
            // What sign-in needs is one file; what most screens share of the kit is another.
            { name: 'entry', tags: ['$initial'], priority: 20 },
            { name: 'kit', test: kit, minShareCount: 2, priority: 10 },
          ],
        },
      },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
