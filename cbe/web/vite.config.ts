// SPDX-License-Identifier: AGPL-3.0-or-later
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The daemon that `vite` (the development server) stands in front of; the built files are served by cbed itself.
const daemon = process.env["FAROL_CBED"] ?? "https://127.0.0.1:8443";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // The page's policy has no data: source, so nothing may be folded into the style sheet or the script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000, // finish.mjs holds the budget, and counts what travels
  },
  server: { proxy: { "/api": { target: daemon, secure: false, changeOrigin: true } } },
});
