import { describe, expect, test } from "vitest";

import { byHand } from "../test/rust";
import { Newest } from "./newest";
import { Asked } from "./stores/asked.svelte";

describe("the guard against late answers", () => {
  test("D19 A asked first and answered last: only B is applied", async () => {
    const newest = new Newest();
    const applied: string[] = [];
    const replies = { A: byHand<string>(), B: byHand<string>() };
    const show = async (name: "A" | "B") => {
      const question = newest.ask();
      const answer = await replies[name].promise;
      if (question.accepts()) applied.push(answer);
    };

    const both = Promise.all([show("A"), show("B")]);
    replies.B.keep("B");
    await replies.B.promise;
    replies.A.keep("A");
    await both;

    expect(applied).toEqual(["B"]);
  });

  test("D19 an answer is dropped when what is looked at changed in project, engine or session", () => {
    const question = new Newest().ask("mail/whisper/7");
    expect(question.accepts("mail/whisper/7")).toBe(true);
    expect(question.accepts("code/whisper/7")).toBe(false);
    expect(question.accepts("mail/remote/7")).toBe(false);
    expect(question.accepts("mail/whisper/8")).toBe(false);
  });

  test("D19 nothing that was called off is applied", () => {
    const newest = new Newest();
    const question = newest.ask();
    newest.cancel();
    expect(question.accepts()).toBe(false);
    expect(newest.ask().accepts()).toBe(true);
  });

  test("a question asked again keeps the answer to its newest asking", async () => {
    const replies = [byHand<string>(), byHand<string>()];
    let asking = 0;
    const asked = new Asked(async () => ({ status: "ok", data: (await replies[asking++]?.promise) ?? "" }));

    const both = Promise.all([asked.ask(), asked.ask()]);
    replies[1]?.keep("new");
    replies[0]?.keep("old");
    await both;

    expect(asked.data).toBe("new");
  });

  test("a bridge that breaks is a failure, not an exception", async () => {
    const asked = new Asked(() => Promise.reject("command about not found"));
    await asked.ask();
    expect(asked.answer).toEqual({
      status: "error",
      error: { code: "no_answer", message: "command about not found" },
    });
    expect(asked.data).toBeNull();
  });
});
