// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import { valueOf, write } from "./client";
import { Refusal, Unreachable, Unsure } from "./refusal";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  const response = new Response(null, { status, headers });
  return Promise.resolve(response.ok ? { data: body, response } : { error: body, response });
};
const problem = (status: number, code: string) =>
  answer(status, { status, code, detail: `because of ${code}` });

describe("answers", () => {
  it("are the value, or a refusal in the server's words", async () => {
    await expect(valueOf(answer(200, { a: 1 }))).resolves.toEqual({ a: 1 });
    const refused = answer(403, {
      code: "contributor",
      detail: "You took part.",
      request_id: "r1",
      errors: [{ field: "totp", detail: "No." }],
    });
    const refusal = await valueOf(refused).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({
      status: 403,
      code: "contributor",
      message: "You took part.",
      requestId: "r1",
      fields: [{ field: "totp", detail: "No." }],
    });
  });
  it("that are no problem document still end in a sentence", async () => {
    await expect(valueOf(answer(502, "<html>"))).rejects.toThrow("The server answered 502.");
  });
  it("that never come are Unreachable", async () => {
    await expect(valueOf(Promise.reject(new TypeError("network")))).rejects.toBeInstanceOf(Unreachable);
  });
});

describe("a write", () => {
  it("is repeated with the same key after a lost answer and an unknown outcome", async () => {
    const keys: string[] = [];
    const turns = [
      () => Promise.reject(new TypeError("lost")),
      () => problem(503, "outcome-unknown"),
      () => answer(200, "done"),
    ];
    const value = await write(
      "key-1",
      (key) => {
        keys.push(key);
        return (turns[keys.length - 1] ?? turns[2]!)() as ReturnType<typeof answer>;
      },
      [0, 0],
    );
    expect(value).toBe("done");
    expect(keys).toEqual(["key-1", "key-1", "key-1"]);
  });
  it("is not repeated after a refusal", async () => {
    let turns = 0;
    const refused = write(
      "key-2",
      () => {
        turns += 1;
        return problem(403, "totp-replayed");
      },
      [0, 0],
    );
    await expect(refused).rejects.toMatchObject({ code: "totp-replayed" });
    expect(turns).toBe(1);
  });
  it("ends as Unsure when nobody can say whether it happened", async () => {
    await expect(write("key-3", () => problem(503, "outcome-unknown"), [0])).rejects.toBeInstanceOf(Unsure);
    await expect(write("key-4", () => Promise.reject(new TypeError("lost")), [0])).rejects.toBeInstanceOf(
      Unsure,
    );
  });
  it("ends with the server's words when it was never taken", async () => {
    await expect(write("key-5", () => problem(503, "busy"), [0])).rejects.toMatchObject({ code: "busy" });
  });
});
