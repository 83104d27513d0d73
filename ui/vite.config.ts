import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/**
 * The policy the app's window runs under, as in `src-tauri/tauri.conf.json`. `vite preview` sends it too, so
 * that a page which would be blocked in the app is blocked in the screenshots as well.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src ipc: http://ipc.localhost",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  // Tauri's devUrl. Only this machine may reach it.
  server: { host: "127.0.0.1", port: 1420, strictPort: true },
  preview: {
    host: "127.0.0.1",
    headers: { "Content-Security-Policy": CONTENT_SECURITY_POLICY },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The oldest web views Quoth runs in: WebKitGTK 2.40, WKWebView of macOS 13, WebView2 of today.
    target: ["safari16", "chrome111"],
    // Nothing may be inlined: the policy above forbids inline scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
    css: false,
    testTimeout: 60_000,
  },
});
