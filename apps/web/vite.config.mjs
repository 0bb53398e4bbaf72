import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds the API. */
const api = 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': api, '/ws': { target: api, ws: true } } },
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Which file needs which: how much a visitor loads is computed from it.
    manifest: true,
    // A data: address is no address of ours, and the content security policy refuses it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
