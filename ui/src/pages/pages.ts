/** Which component shows which page. */
import type { Component } from "svelte";

import type { Page } from "../lib/bridge";
import About from "./About.svelte";
import Dictionary from "./Dictionary.svelte";
import History from "./History.svelte";
import Models from "./Models.svelte";
import Projects from "./Projects.svelte";
import Settings from "./Settings.svelte";

export const PAGE_COMPONENTS: Record<Page, Component> = {
  history: History,
  projects: Projects,
  dictionary: Dictionary,
  models: Models,
  settings: Settings,
  about: About,
};
