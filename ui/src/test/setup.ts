import "@testing-library/jest-dom/vitest";

import { clearMocks } from "@tauri-apps/api/mocks";
import { cleanup, configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

import { speak } from "../lib/i18n/language.svelte";

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 15_000 });

afterEach(async () => {
  cleanup();
  // Taking a listener off is asynchronous in Tauri; the mock must still stand while it happens.
  await new Promise((resolve) => setTimeout(resolve));
  clearMocks();
  delete document.documentElement.dataset.theme;
  speak("en");
});
